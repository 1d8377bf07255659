/** The steps in the tab's history that stand for what is open, so that Back closes it before it leaves the page. Pure. */

/** Where the tab stands. */
export interface Trail {
  /** Steps that the page added and that lie behind the tab now. */
  readonly depth: number;
  /** True while a step back that the page itself asked for is on its way. */
  readonly moving: boolean;
}

/** What happens: something was opened or closed, or the tab arrived at a step; `open` = what is open now. */
export type TrailEvent =
  | { readonly kind: "changed"; readonly open: number }
  | { readonly kind: "arrived"; readonly depth: number; readonly open: number };

/** What the caller does about it. */
export type TrailEffect =
  | { readonly kind: "none" }
  /** Adds a step for each depth. */
  | { readonly kind: "push"; readonly depths: readonly number[] }
  /** Goes back by this many steps, which are no longer needed. */
  | { readonly kind: "go"; readonly by: number }
  /** Closes what was opened last. */
  | { readonly kind: "close"; readonly count: number };

/** The new trail and what to do. */
export interface TrailStep {
  readonly trail: Trail;
  readonly effect: TrailEffect;
}

/** Takes one event. */
export function walk(trail: Trail, event: TrailEvent): TrailStep {
  switch (event.kind) {
    case "changed":
      return level(trail, event.open);
    case "arrived": {
      const there = { depth: event.depth, moving: false };
      const wasBack = !trail.moving && event.depth < Math.min(trail.depth, event.open);
      if (!wasBack) return level(there, event.open);
      return { trail: there, effect: { kind: "close", count: event.open - event.depth } };
    }
    default: {
      const _never: never = event;
      return _never;
    }
  }
}

/** Adjusts the steps to the number of what is open; nothing while the tab is on its way. */
function level(trail: Trail, open: number): TrailStep {
  const by = open - trail.depth;
  if (trail.moving || by === 0) return { trail, effect: { kind: "none" } };
  if (by < 0) return { trail: { ...trail, moving: true }, effect: { kind: "go", by } };
  const depths = Array.from({ length: by }, (_, at) => trail.depth + 1 + at);
  return { trail: { ...trail, depth: open }, effect: { kind: "push", depths } };
}
