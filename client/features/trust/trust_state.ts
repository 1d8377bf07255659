/** The measuring of one map, as a pure reducer. */
import type { Trust } from "../../../shared/trust.ts";

/** What is measured: everything that decides the map. */
export interface Subject {
  /** Revision of the view, and the frame that was on the stage. */
  readonly revision: number;
  readonly picture: number;
  readonly method: string;
  readonly label: string;
  /** Unit of the score that the map explains. */
  readonly scoreUnit: string;
}

/** Where the measuring stands. */
export type TrustState =
  | { readonly kind: "idle" }
  | { readonly kind: "running"; readonly subject: Subject; readonly share: number }
  | { readonly kind: "done"; readonly subject: Subject; readonly trust: Trust }
  | { readonly kind: "failed"; readonly words: string };

/** What happens to it. */
export type TrustEvent =
  | { readonly kind: "start"; readonly subject: Subject }
  | { readonly kind: "progress"; readonly share: number }
  | { readonly kind: "measured"; readonly trust: Trust }
  | { readonly kind: "failed"; readonly words: string }
  | { readonly kind: "cancel" };

/** Takes one event; news of a measuring that was cancelled changes nothing. */
export function measure(state: TrustState, event: TrustEvent): TrustState {
  switch (event.kind) {
    case "start":
      return { kind: "running", subject: event.subject, share: 0 };
    case "progress":
      return state.kind === "running" ? { ...state, share: Math.max(state.share, event.share) } : state;
    case "measured":
      return state.kind === "running" ? { kind: "done", subject: state.subject, trust: event.trust } : state;
    case "failed":
      return state.kind === "running" ? { kind: "failed", words: event.words } : state;
    case "cancel":
      return state.kind === "running" ? { kind: "idle" } : state;
    default: {
      const _never: never = event;
      return _never;
    }
  }
}
