/** What the view's maps rest on: when it is measured, and what the client hears of it (rules S). */
import { COVER_REST_MS, MAX_BUFFERED_BYTES, REASON_PAUSE_MS } from "../../shared/limits.ts";
import { sameCover } from "../../shared/cover.ts";
import { isMeasurable, METER_STEPS, meterOf } from "../methods/mod.ts";
import type { MeasuredReason } from "../methods/mod.ts";
import { hidesAll } from "./_cover.ts";
import type { FinishedMap, LiveState, Moment, Reaction, Reasons, SessionEvent } from "./state.ts";

/** Before anything was asked for or finished. */
export const NO_REASONS: Reasons = {
  on: false,
  finished: null,
  measuring: null,
  done: false,
  nextMs: -Infinity,
  meter: { classIndex: null, steps: METER_STEPS.map(() => null), next: 0 },
};

/** Another view counts from now on: what was measured of the one before is not wanted any more (S5). */
export function withoutMap(reasons: Reasons): Reasons {
  return { ...reasons, finished: null, measuring: null, done: false, meter: NO_REASONS.meter };
}

/** Another cover counts from now on: while somebody paints the engine is left to what is painted (U7). */
export function afterCover(before: LiveState, { state, effects }: Reaction, nowMs: number): Reaction {
  if (state.phase !== "live" || sameCover(before.request.cover, state.request.cover)) {
    return { state, effects };
  }
  const nextMs = Math.max(state.reasons.nextMs, nowMs + COVER_REST_MS);
  return { state: { ...state, reasons: { ...state.reasons, nextMs } }, effects };
}

/** Begins or ends to measure (S1). */
export function switchReasons(state: LiveState, on: boolean, nowMs: number): Reaction {
  return measureNext({ ...state, badInARow: 0, reasons: { ...state.reasons, on, done: false } }, nowMs);
}

/** A map of the view is finished. */
export function onFinished(
  state: LiveState,
  { work, revision }: FinishedMap,
  nowMs: number,
): Reaction {
  // Where nothing is visible a map names places that nobody has seen.
  const { method, cover } = state.request;
  if (!isMeasurable(method) || hidesAll(cover)) return { state, effects: [] };
  const finished = { work, revision };
  return measureNext({ ...state, reasons: { ...state.reasons, finished, done: false } }, nowMs);
}

/** Measures the last map, where it is time for it; a map of a still frame waits until it is. */
export function measureNext(state: LiveState, nowMs: number): Reaction {
  const { reasons } = state;
  const { on, finished, measuring, done, nextMs, meter } = reasons;
  if (!on || done || finished === null || measuring !== null) return { state, effects: [] };
  if (nowMs < nextMs) {
    // The next map of a moving picture asks for itself.
    return {
      state,
      effects: finished.work.still ? [{ kind: "arm", name: "reason", ms: nextMs - nowMs }] : [],
    };
  }
  // Of a moving picture no answer is kept waiting for all rows of the meter.
  const steps = finished.work.still ? [...METER_STEPS.keys()] : [meter.next];
  const next = (meter.next + 1) % METER_STEPS.length;
  return {
    state: {
      ...state,
      reasons: {
        ...reasons,
        measuring: finished,
        done: true,
        nextMs: nowMs + REASON_PAUSE_MS,
        meter: { ...meter, next },
      },
    },
    effects: [{ kind: "measure", ...finished, steps }],
  };
}

/** What a map rests on is known, or could not be measured. */
export function onMeasured(
  state: LiveState,
  { work, revision, reason }: Extract<SessionEvent, { kind: "measured" }>,
  { nowMs, bufferedBytes }: Moment,
): Reaction {
  const { measuring } = state.reasons;
  if (measuring === null || measuring.work.key !== work.key || measuring.revision !== revision) {
    return { state, effects: [] };
  }
  const meter = reason === null ? state.reasons.meter : withSteps(state.reasons.meter, reason);
  const next = measureNext({ ...state, reasons: { ...state.reasons, measuring: null, meter } }, nowMs);
  if (reason === null || bufferedBytes > MAX_BUFFERED_BYTES) return next;
  const { target, first, region } = reason;
  const message = {
    type: "reason",
    frame: work.id,
    revision,
    model: state.request.model.id,
    target,
    first,
    region,
    meter: meterOf(meter.steps),
  } as const;
  return { state: next.state, effects: [{ kind: "send", message }, ...next.effects] };
}

/** Takes newly measured steps; those of another class do not count any more. */
function withSteps(meter: Reasons["meter"], { target, steps }: MeasuredReason): Reasons["meter"] {
  const classIndex = target.index;
  const known = meter.classIndex === classIndex ? meter.steps : NO_REASONS.meter.steps;
  return {
    ...meter,
    classIndex,
    steps: known.map((one, index) => steps.find(({ step }) => step === index) ?? one),
  };
}
