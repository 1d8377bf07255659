/** How the opening of a model stands, from the first byte to its card. Pure. */
import type { ModelChange, OpenedModel, PresetRow } from "../../../shared/model_wire.ts";

/** How far it is. */
export type OpeningState =
  | { readonly kind: "idle" }
  | {
    readonly kind: "sending";
    readonly name: string;
    readonly sentBytes: number;
    readonly totalBytes: number;
  }
  /** All bytes are there: the server reads them. */
  | { readonly kind: "reading"; readonly name: string }
  | {
    readonly kind: "opened";
    readonly model: OpenedModel;
    /** What it says of the sample photos under each normalisation; null: not asked yet. */
    readonly presets: readonly PresetRow[] | "asking" | null;
    readonly saving: boolean;
    /** Why a change was not taken, in words, or null. */
    readonly problem: string | null;
  }
  /** `details`: what does not fit, one by one. */
  | {
    readonly kind: "refused";
    readonly name: string;
    readonly words: string;
    readonly details: readonly string[];
  };

export type OpeningEvent =
  | { readonly kind: "started"; readonly name: string; readonly totalBytes: number }
  | { readonly kind: "sent"; readonly bytes: number }
  | { readonly kind: "all-sent" }
  | { readonly kind: "opened"; readonly model: OpenedModel }
  /** `items`: each thing that does not fit, where the message names several; else empty. */
  | {
    readonly kind: "refused";
    readonly words: string;
    readonly message: string;
    readonly items: readonly string[];
  }
  | { readonly kind: "asking" }
  | { readonly kind: "presets"; readonly rows: readonly PresetRow[] }
  | { readonly kind: "saving"; readonly change: ModelChange }
  | { readonly kind: "problem"; readonly words: string }
  | { readonly kind: "closed" };

/** Nothing is opened. */
export const NOTHING_OPENED: OpeningState = { kind: "idle" };

/** Takes one event; what means nothing in a state leaves it as it is. */
export function opening(state: OpeningState, event: OpeningEvent): OpeningState {
  switch (event.kind) {
    case "started":
      return { kind: "sending", name: event.name, sentBytes: 0, totalBytes: event.totalBytes };
    case "sent":
      return state.kind === "sending"
        ? { ...state, sentBytes: Math.min(event.bytes, state.totalBytes) }
        : state;
    case "all-sent":
      return state.kind === "sending" ? { kind: "reading", name: state.name } : state;
    case "opened":
      return {
        kind: "opened",
        model: event.model,
        // Its normalisation may be another one, and what it says of the photos is the same.
        presets: state.kind === "opened" && state.model.id === event.model.id ? state.presets : null,
        saving: false,
        problem: null,
      };
    case "refused":
      return "name" in state
        ? { kind: "refused", name: state.name, words: event.words, details: detailsOf(event) }
        : state;
    case "asking":
      return state.kind === "opened" ? { ...state, presets: "asking" } : state;
    case "presets":
      return state.kind === "opened" ? { ...state, presets: event.rows } : state;
    case "saving":
      if (state.kind !== "opened") return state;
      return {
        ...state,
        // What it says of the photos is by the names of before.
        presets: event.change.labels === undefined ? state.presets : null,
        saving: true,
        problem: null,
      };
    case "problem":
      return state.kind === "opened"
        ? {
          ...state,
          presets: state.presets === "asking" ? null : state.presets,
          saving: false,
          problem: event.words,
        }
        : state;
    case "closed":
      return NOTHING_OPENED;
    default: {
      const _never: never = event;
      return _never;
    }
  }
}

/** What the server puts before a reason that says by itself that a model was not loaded. */
const ID_BEFORE_REASON = /^Cannot load the model '[^']*': (?=Cannot load the model)/;

/** What a refusal says, one by one where it lists several things. */
export function detailsOf(
  { message, items }: Pick<Extract<OpeningEvent, { kind: "refused" }>, "message" | "items">,
): readonly string[] {
  if (items.length > 0) return items;
  const reason = message.replace(ID_BEFORE_REASON, "").trim();
  return reason === "" ? [] : [reason];
}
