/** The panes beside the main one: which there are, in which order, and what the server said of them. Pure. */
import { type Cover, coverProperty } from "../../../shared/cover.ts";
import { MAX_PANES } from "../../../shared/limits.ts";
import type { Pane, Target } from "../../../shared/protocol.ts";
import { type MapContent, namedContent, type PaneContent } from "../../view/pane_content.ts";

/** One pane. */
export interface PaneState {
  /** 1…5; stays the pane's own wherever it stands. */
  readonly id: number;
  /** Rises with every change of the content. */
  readonly revision: number;
  readonly content: PaneContent;
  /** Why the server does not show it, in words, or null. */
  readonly refused: string | null;
}

/** Every pane, in the order of the grid. */
export interface PaneSet {
  readonly panes: readonly PaneState[];
  readonly lastRevision: number;
}

/** No pane. */
export const NO_PANES: PaneSet = { panes: [], lastRevision: 0 };

export type PaneEvent =
  | { readonly kind: "added"; readonly content: PaneContent }
  | { readonly kind: "removed"; readonly id: number }
  /** By positions to the right; negative: to the left. */
  | { readonly kind: "moved"; readonly id: number; readonly by: number }
  | { readonly kind: "changed"; readonly id: number; readonly content: PaneContent }
  /** All at once: a list that was remembered, or one that comes back by undo. */
  | { readonly kind: "set"; readonly contents: readonly PaneContent[] }
  | { readonly kind: "refused"; readonly id: number; readonly revision: number; readonly words: string }
  /** The main pane has another model, and so have the panes that have none of their own; their classes go along by name. */
  | { readonly kind: "main-model"; readonly before: string }
  /** The main pane has another cover, and so have the panes that have none of their own. */
  | { readonly kind: "main-cover" }
  /** Another connection: which class an index is, its server has to say, by the names of before. */
  | { readonly kind: "connected"; readonly labels: readonly string[] }
  /** The server shows it, and says which classes its words stand for (P2). */
  | ({ readonly kind: "accepted"; readonly id: number; readonly revision: number } & PaneTargets);

/** The classes of a pane. */
export type PaneTargets = Pick<MapContent, "target" | "against">;

/** Takes one event; a pane too many and ids that are not there change nothing. */
export function panesAfter(set: PaneSet, event: PaneEvent): PaneSet {
  switch (event.kind) {
    case "added":
      return add(set, event.content);
    case "removed":
      return { ...set, panes: set.panes.filter(({ id }) => id !== event.id) };
    case "moved":
      return { ...set, panes: move(set.panes, event.id, event.by) };
    case "changed": {
      const { id, content } = event;
      if (set.panes.every((pane) => pane.id !== id)) return set;
      const revision = set.lastRevision + 1;
      const panes = set.panes.map((pane) => pane.id === id ? { id, revision, content, refused: null } : pane);
      return { panes, lastRevision: revision };
    }
    case "set":
      return event.contents.reduce(add, { ...set, panes: [] });
    case "refused": {
      const { id, revision, words } = event;
      const panes = set.panes.map((pane) =>
        pane.id === id && pane.revision === revision ? { ...pane, refused: words } : pane
      );
      return { ...set, panes };
    }
    case "connected": {
      const panes = set.panes.map((pane) => ({
        ...pane,
        content: namedContent(pane.content, event.labels),
        refused: null,
      }));
      return { ...set, panes };
    }
    case "main-model": {
      const carried = (one: Target): Target => ofModel(one, event.before);
      return set.panes.reduce<PaneSet>((all, { id, content }) => {
        if (content.kind === "original" || content.model !== undefined) return all;
        const { target, against } = content;
        const moved = {
          ...content,
          target: carried(target),
          against: against === null ? null : carried(against),
          layer: null,
        };
        return panesAfter(all, { kind: "changed", id, content: moved });
      }, set);
    }
    case "main-cover":
      return set.panes.reduce<PaneSet>(
        (all, { id, content }) =>
          content.kind === "original" || content.cover !== undefined
            ? all
            : panesAfter(all, { kind: "changed", id, content }),
        set,
      );
    case "accepted": {
      const { id, revision, target, against } = event;
      const panes = set.panes.map((pane) =>
        pane.id === id && pane.revision === revision && pane.content.kind === "map"
          ? { ...pane, content: { ...pane.content, target, against } }
          : pane
      );
      return { ...set, panes };
    }
    default: {
      const _never: never = event;
      return _never;
    }
  }
}

/** A class as another model's pane names it: with the model whose class has the index. */
export function ofModel(target: Target, model: string | undefined): Target {
  return target.kind !== "class" || model === undefined ? target : { model, ...target };
}

/** What the main pane has, and those that have none of their own with it. */
export interface MainParts {
  readonly model?: string | undefined;
  readonly cover?: Cover | null;
}

/** What the server is asked for: the maps among the panes. */
export function asked({ panes }: PaneSet, main: MainParts = {}): Pane[] {
  return panes.flatMap(({ id, revision, content }) => {
    if (content.kind !== "map") return [];
    const { method, target, against, layer, options, model = main.model, cover = main.cover } = content;
    return [{
      id,
      revision,
      ...(model !== undefined && { model }),
      method,
      target,
      options,
      ...(against !== null && { against }),
      ...(layer !== null && { layer }),
      ...coverProperty(cover),
    }];
  });
}

/** The panes of a first comparison: the next guess, the difference between the two, and the picture itself. */
export function firstPanes(method: string): readonly PaneContent[] {
  const first = { kind: "rank", rank: 1 } as const;
  const second = { kind: "rank", rank: 2 } as const;
  const map = { kind: "map", method, layer: null, options: {} } as const;
  return [
    { ...map, target: second, against: null },
    { ...map, target: first, against: second },
    { kind: "original" },
  ];
}

/** Names a target for people: its label where that is known. */
export function targetWords(target: Target, labelOf: (index: number) => string): string {
  switch (target.kind) {
    case "rank":
      return target.rank === 1 ? "first guess" : `guess ${target.rank}`;
    case "class":
      return labelOf(target.index);
    case "label":
      // The index that a name is kept with is for the server.
      return target.label.replace(/^\d+:(?=.)/, "");
    default: {
      const _never: never = target;
      return _never;
    }
  }
}

function add(set: PaneSet, content: PaneContent): PaneSet {
  const used = new Set(set.panes.map(({ id }) => id));
  const id = Array.from({ length: MAX_PANES }, (_, at) => at + 1).find((one) => !used.has(one));
  if (id === undefined) return set;
  const revision = set.lastRevision + 1;
  return { panes: [...set.panes, { id, revision, content, refused: null }], lastRevision: revision };
}

function move(panes: readonly PaneState[], id: number, by: number): readonly PaneState[] {
  const from = panes.findIndex((pane) => pane.id === id);
  const pane = panes[from];
  if (pane === undefined) return panes;
  const rest = panes.filter((one) => one !== pane);
  const to = Math.min(rest.length, Math.max(0, from + by));
  return [...rest.slice(0, to), pane, ...rest.slice(to)];
}
