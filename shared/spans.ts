/** Frames become spans: one label, held for a while. */
import type { HeadKind } from "./head_model.ts";

/** How many frames in a row show a label before its span opens, and lack it before its span ends. */
export const HELD_FRAMES = 4;

/** What is written down of a model, so that it can be read when the model is gone. */
export interface LoggedModel {
  readonly modelId: string;
  readonly modelName: string;
  /** SHA-256 by which its files are known, in hex; empty: none is. */
  readonly modelHash: string;
  /** The kind of a head that was taught, or null. */
  readonly taughtHead: HeadKind | null;
}

/** The first prediction of one frame. */
export interface Sighting extends LoggedModel {
  readonly classIndex: number;
  readonly label: string;
  /** 0…1 */
  readonly probability: number;
  readonly method: string;
  /** When the frame came, in ms since 1970. */
  readonly timeMs: number;
}

/** What was seen from `startMs` to `endMs`; frames of another label in between are not counted. */
export interface Span extends Omit<Sighting, "timeMs" | "probability"> {
  readonly startMs: number;
  readonly endMs: number;
  readonly frames: number;
  /** Highest and mean probability over the counted frames, 0…1. */
  readonly peak: number;
  readonly mean: number;
}

/** The span that is open and the one that may follow it. */
export interface SpanState {
  readonly open: Span | null;
  /** Frames in a row that did not belong to the open span. */
  readonly missed: number;
  readonly candidate: Span | null;
}

/** A frame's prediction, a frame without a sure one, or the end of all frames for now: a pause, or the viewer leaving. */
export type SpanEvent =
  | { readonly kind: "sighting"; readonly sighting: Sighting }
  | { readonly kind: "unsure" }
  | { readonly kind: "stop" };

/** What became of a span; an `ended` one will not change again. */
export interface SpanChange {
  readonly kind: "opened" | "grown" | "ended";
  readonly span: Span;
}

/** The state before any frame. */
export const NO_SPANS: SpanState = { open: null, missed: 0, candidate: null };

/** The state after an event, with the changes in their order; a `stop` drops what was not held long enough. */
export function followSpans(
  state: SpanState,
  event: SpanEvent,
): { readonly state: SpanState; readonly changes: readonly SpanChange[] } {
  switch (event.kind) {
    case "stop":
      return { state: NO_SPANS, changes: state.open === null ? [] : [{ kind: "ended", span: state.open }] };
    case "sighting":
      return see(state, event.sighting);
    case "unsure":
      return miss(state, null);
    default: {
      const never: never = event;
      throw new TypeError(`Cannot follow spans: the event's kind ${never} is unknown`);
    }
  }
}

function see({ open, missed, candidate }: SpanState, sighting: Sighting): ReturnType<typeof followSpans> {
  if (open !== null && belongs(open, sighting)) {
    const span = grow(open, sighting);
    return { state: { open: span, missed: 0, candidate: null }, changes: [{ kind: "grown", span }] };
  }
  const next = candidate !== null && belongs(candidate, sighting)
    ? grow(candidate, sighting)
    : begin(sighting);
  const left = miss({ open, missed, candidate }, next);
  if (left.state.open === null && next.frames >= HELD_FRAMES) {
    return {
      state: { open: next, missed: 0, candidate: null },
      changes: [...left.changes, { kind: "opened", span: next }],
    };
  }
  return left;
}

/** A frame that does not belong to the open span; `next` may follow it. */
function miss({ open, missed }: SpanState, next: Span | null): ReturnType<typeof followSpans> {
  if (open === null) return { state: { open, missed: 0, candidate: next }, changes: [] };
  if (missed + 1 < HELD_FRAMES) return { state: { open, missed: missed + 1, candidate: next }, changes: [] };
  return { state: { open: null, missed: 0, candidate: next }, changes: [{ kind: "ended", span: open }] };
}

/** What a span says has to be true of all its frames: another method or model begins a new one. */
function belongs(span: Span, { classIndex, method, modelId, modelHash }: Sighting): boolean {
  return span.classIndex === classIndex && span.method === method && span.modelId === modelId &&
    span.modelHash === modelHash;
}

function begin({ timeMs, probability, ...rest }: Sighting): Span {
  return { ...rest, startMs: timeMs, endMs: timeMs, frames: 1, peak: probability, mean: probability };
}

function grow(span: Span, { timeMs, probability }: Sighting): Span {
  const frames = span.frames + 1;
  return {
    ...span,
    endMs: timeMs,
    frames,
    peak: Math.max(span.peak, probability),
    mean: span.mean + (probability - span.mean) / frames,
  };
}
