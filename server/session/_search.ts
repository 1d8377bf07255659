/** The search for a region that changes the answer (rule U6): one at a time, on the frame that is there or comes next. */
import { coverOf } from "../../shared/cover.ts";
import type { ClientMessage, FlipResult } from "../../shared/protocol.ts";
import { MAX_FLIP_ROWS, predictionOf } from "../methods/mod.ts";
import type { Effect, LiveState, Reaction, SearchRequest, SessionEvent } from "./state.ts";

type EventOf<Kind extends SessionEvent["kind"]> = Extract<SessionEvent, { kind: Kind }>;

/** Begins with a search in place of the one before, or ends it. */
export function changeSearch(
  state: LiveState,
  { revision, on, fill }: Extract<ClientMessage, { type: "flip" }>,
): Reaction {
  const ended = endSearch({ ...state, badInARow: 0 });
  if (!on) return ended;
  return beginSearch({ ...ended.state, search: { revision, fill, begun: null } }, ended.effects);
}

/** Begins with a search that waits for a frame. */
export function beginSearch(state: LiveState, effects: readonly Effect[]): ReactionOfLive {
  const { search, current, request: { model } } = state;
  if (search === null || search.begun !== null || current === null) return { state, effects };
  const begun: SearchRequest = { ...search, begun: { frame: current.id, model } };
  return {
    state: { ...state, search: begun },
    effects: [...effects, { kind: "search", work: current, search: begun }],
  };
}

/** Ends a search without a word. */
export function endSearch(state: LiveState): ReactionOfLive {
  if (state.search === null) return { state, effects: [] };
  const effects: readonly Effect[] = state.search.begun === null ? [] : [{ kind: "end-search" }];
  return { state: { ...state, search: null }, effects };
}

/** Ends a search whose model is not the view's any more, or is another one by the same id. */
export function endSearchOf(state: LiveState, model: string): ReactionOfLive {
  if (state.search?.begun?.model.id !== model) return { state, effects: [] };
  const { revision } = state.search;
  const ended = endSearch(state);
  const message = "Cannot finish the search: the model was changed meanwhile. Start it again";
  return {
    state: ended.state,
    effects: [...ended.effects, failure(revision, { code: "engine-failed", message })],
  };
}

/** Takes what comes of a search; what is late means nothing. */
export function onSearch(
  state: LiveState,
  event: EventOf<"search-progress" | "search-done" | "search-failed">,
): Reaction {
  const { search } = state;
  if (search === null || search.begun === null || search.revision !== event.revision) {
    return { state, effects: [] };
  }
  const { revision } = event;
  switch (event.kind) {
    case "search-progress": {
      const message = { type: "flip-progress", revision, rows: event.rows, most: MAX_FLIP_ROWS } as const;
      return { state, effects: [{ kind: "send", message }] };
    }
    case "search-done":
      return {
        state: { ...state, search: null },
        effects: [{ kind: "send", message: resultOf(event, { ...search, begun: search.begun }) }],
      };
    case "search-failed":
      return { state: { ...state, search: null }, effects: [failure(revision, event)] };
    default: {
      const never: never = event;
      throw new TypeError(`Cannot take the event: its kind ${never} is unknown`);
    }
  }
}

interface ReactionOfLive extends Reaction {
  readonly state: LiveState;
}

function resultOf(
  { map, from, to }: EventOf<"search-done">,
  { revision, fill, begun: { frame, model } }: SearchRequest & {
    readonly begun: NonNullable<SearchRequest["begun"]>;
  },
): FlipResult {
  const found = map.silent === undefined;
  return {
    type: "flip-result",
    revision,
    frame,
    cells: found ? coverOf(map.values, fill).cells : null,
    rows: map.samples?.count ?? 0,
    from: predictionOf(from, model, topOf(from)),
    to: found && to !== null ? predictionOf(to, model, map.classIndex) : null,
  };
}

function topOf(logits: Float32Array): number {
  return logits.indexOf(logits.reduce((most, logit) => Math.max(most, logit), -Infinity));
}

function failure(
  revision: number,
  { code, message }: Pick<EventOf<"search-failed">, "code" | "message">,
): Effect {
  return { kind: "send", message: { type: "flip-failed", revision, code, message } };
}
