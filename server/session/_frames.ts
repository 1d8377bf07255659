/** Frames: from the socket to the engine, and their results and tiles back (rules F, T and B1). */
import { decodeFrame, type Frame } from "../../shared/codec.ts";
import { GradcastError } from "../../shared/errors.ts";
import { extentProperty } from "../../shared/map_extent.ts";
import { MAX_BUFFERED_BYTES } from "../../shared/limits.ts";
import { predictionsOf } from "../../shared/logits.ts";
import type { Prediction, Result } from "../../shared/protocol.ts";
import { linesOf, type Ranking } from "../../shared/ranking.ts";
import { predictionOf, topClasses, topPredictions } from "../methods/mod.ts";
import { takeTurn } from "./_asked.ts";
import { limited } from "./_limited.ts";
import { followsList } from "./_cover.ts";
import { onFinished } from "./_reasons.ts";
import { classAt, rankWork } from "./_ranking.ts";
import { errorMessage, refuse } from "./_refuse.ts";
import { beginSearch } from "./_search.ts";
import type { LoadedModel, PixelSize } from "../engine/port.ts";
import type {
  Effect,
  LiveState,
  Moment,
  PaneRequest,
  Reaction,
  SessionEvent,
  SessionWorld,
  Shown,
  Waiting,
  WholeFrame,
  Work,
} from "./state.ts";

/** Keys of one viewer lie 2³² apart, the span of its frame ids, so that no two frames share a key. */
const KEYS_PER_VIEWER = 2 ** 32;

/** First classes of the frame without its cover that a result names in any case. */
const WHOLE_CLASSES = 3;

/** So long a frame's row without the cover counts for those after it, where the picture moves, in ms. */
const WHOLE_MS = 250;

/** Bytes of a pixel. */
const RGB = 3;

type EventOf<Kind extends SessionEvent["kind"]> = Extract<SessionEvent, { kind: Kind }>;

/** Takes a binary message. */
export function onBinary(
  world: SessionWorld,
  state: LiveState,
  bytes: Uint8Array<ArrayBuffer>,
  at: Moment,
): Reaction {
  let frame: Frame;
  try {
    frame = decodeFrame(bytes);
  } catch (error) {
    if (!(error instanceof GradcastError)) throw error;
    const { code, message } = error;
    return limited(state, "unfit", at.nowMs, (live) => refuse(live, code, message));
  }
  return limited(state, "frame", at.nowMs, (live) => onFrame(world, live, frame, at), { frame: frame.id });
}

function onFrame(world: SessionWorld, state: LiveState, frame: Frame, at: Moment): Reaction {
  if (frame.id <= state.lastId) {
    return refuse(
      state,
      "frame-order",
      `Cannot take the frame: its id must be above ${state.lastId}, got ${frame.id}`,
      { frame: frame.id },
    );
  }
  // What a frame that gave way was the first of, its successor is.
  const first = frame.first === true || state.waiting?.frame.first === true;
  const waiting = { frame: { ...frame, first }, receivedMs: at.nowMs };
  const next = { ...state, lastId: frame.id, activeMs: at.nowMs };
  if (state.current === null || state.current.answered) return start(world, next, waiting, at);
  if (state.waiting === null) return { state: { ...next, waiting }, effects: [] };
  const dropped = { ...state.dropped, superseded: state.dropped.superseded + 1 };
  return {
    state: { ...next, waiting, dropped },
    effects: [dropNotice(state.waiting.frame.id, "superseded")],
  };
}

/** Begins with a frame; what was explained before gives way, and what was asked for counts for it (V1). */
function start(world: SessionWorld, before: LiveState, { frame, receivedMs }: Waiting, at: Moment): Reaction {
  // Nothing is explained twice: the frame of before gives way to this one.
  const turned = takeTurn(world, { ...before, current: null }, at);
  if (turned.state.phase !== "live") return turned;
  const state: LiveState = { ...turned.state, current: before.current };
  const work: Work = {
    id: frame.id,
    key: world.viewer * KEYS_PER_VIEWER + frame.id,
    still: frame.still,
    capturedMs: frame.capturedMs,
    receivedMs,
    answered: false,
    withoutWhole: !frame.still && frame.first !== true && isFresh(state, receivedMs),
  };
  const effects: Effect[] = [...turned.effects];
  if (state.current !== null) effects.push({ kind: "supersede" });
  effects.push({ kind: "admit", work, frame, size: pixelSizeOf(frame, state) }, {
    kind: "explain",
    work,
    requests: requestsOf(state),
  });
  if (state.current !== null) effects.push({ kind: "release", key: state.current.key });
  const isFirst = frame.first === true;
  const ranking = isFirst ? null : state.ranking;
  const whole = isFirst ? null : state.whole;
  return beginSearch({ ...state, current: work, waiting: null, ranking, whole }, effects);
}

/** Whether what the view's model said of the picture without its cover is new enough for a moving one (U4). */
function isFresh({ whole, request }: LiveState, receivedMs: number): boolean {
  return whole?.model === request.model.id && receivedMs - whole.receivedMs < WHOLE_MS;
}

/**
 * Sides of bare pixels: those that the view's model takes, or the one before it did, as frames may be on their way while
 * the view changes (F8). Null where the bytes fit neither, so that the engine refuses them.
 */
function pixelSizeOf({ format, picture }: Frame, { request, before }: LiveState): PixelSize | null {
  if (format !== "rgb") return null;
  const sizes = [request.model, ...(before === null ? [] : [before])];
  const size = sizes.find(({ width, height }) => RGB * width * height === picture.length);
  return size === undefined ? null : { width: size.width, height: size.height };
}

/** Continues with the frame in the slot, if there is one. */
function goOn(world: SessionWorld, state: LiveState, effects: readonly Effect[], at: Moment): Reaction {
  if (state.waiting === null) return { state, effects };
  const next = start(world, state, state.waiting, at);
  return { state: next.state, effects: [...effects, ...next.effects] };
}

/** The engine could not take a frame's picture. */
export function onRefused(
  world: SessionWorld,
  state: LiveState,
  event: EventOf<"refused">,
  at: Moment,
): Reaction {
  const { current } = state;
  // Another model's pane says so itself.
  const isMine = current?.key === event.key && event.model === state.request.model.id;
  if (!isMine || current.answered) return { state, effects: [] };
  const refused = refuse(state, event.code, event.message, { frame: current.id });
  if (refused.state.phase !== "live" || refused.effects.some((effect) => effect.kind === "close")) {
    return refused;
  }
  const effects: Effect[] = [...refused.effects, { kind: "retire", panes: "all" }, {
    kind: "release",
    key: current.key,
  }];
  return goOn(world, { ...refused.state, current: null }, effects, at);
}

/** The logits of a frame are there: its result goes out, and the next frame may begin. */
export function onRanking(
  world: SessionWorld,
  state: LiveState,
  event: EventOf<"ranking">,
  at: Moment,
): Reaction {
  const { current } = state;
  if (current === null || current.key !== event.key) return { state, effects: [] };
  if (event.revision !== state.request.revision) return { state, effects: [] };
  const ranking = rankWork(state, current, event.logits);
  const whole = wholeAt(state, current, event);
  const answered: LiveState = {
    ...state,
    ...{ ranking, whole, badInARow: 0 },
    current: { ...current, answered: true },
  };
  if (at.bufferedBytes > MAX_BUFFERED_BYTES) {
    const dropped = { ...state.dropped, slow: state.dropped.slow + 1 };
    return goOn(
      world,
      { ...answered, dropped },
      current.answered ? [] : [dropNotice(current.id, "slow")],
      at,
    );
  }
  const { model, target } = state.request;
  const { labels } = model;
  const index = target.kind === "class" ? target.index : classAt(ranking, target.rank);
  const result: Result = {
    type: "result",
    frame: current.id,
    revision: event.revision,
    model: model.id,
    times: {
      captured: current.capturedMs,
      queued: Math.max(0, event.times.startedMs - current.receivedMs),
      compute: event.times.computeMs,
      server: Math.max(0, at.nowMs - current.receivedMs),
    },
    predictions: topPredictions(event.logits, model),
    ranking: { rows: linesOf(ranking, labels), unsure: ranking.unsure },
    target: predictionOf(ranking.shown, model, index),
    ...(whole !== null && (event.whole !== undefined || counts(whole, answered)) &&
      { whole: wholeOf(whole.logits, model, ranking) }),
    dropped: state.dropped,
  };
  return goOn(world, answered, [{ kind: "send", message: result }], at);
}

/** The newest row without a cover, once an answer has come. */
function wholeAt({ whole, request }: LiveState, work: Work, event: EventOf<"ranking">): WholeFrame | null {
  const logits = request.cover === null ? event.logits : event.whole;
  return logits === undefined ? whole : { model: request.model.id, logits, receivedMs: work.receivedMs };
}

/** Whether a frame that was computed without its own row has that of one before it (U4). */
function counts({ model }: WholeFrame, { request, current }: LiveState): boolean {
  return request.cover !== null && current?.withoutWhole === true && model === request.model.id;
}

/** What a frame is without its cover: the classes of the list, and the first ones of its own (U4). */
function wholeOf(logits: Float32Array, model: LoadedModel, { order }: Ranking): Prediction[] {
  const classes = new Set([...order, ...topClasses(logits, WHOLE_CLASSES)]);
  return predictionsOf(logits, model, [...classes]).sort((a, b) => b.logit - a.logit);
}

/** What is said of a frame in a pane whose model or cover is another one than the view's (X7). */
export function onPaneRanking(state: LiveState, event: EventOf<"pane-ranking">, at: Moment): Reaction {
  const { pane, revision, work, logits } = event;
  const request = state.panes.find((one) => one.pane === pane && one.revision === revision);
  const isOther = request !== undefined && !followsList(request, state.request);
  if (!isOther || at.bufferedBytes > MAX_BUFFERED_BYTES) return { state, effects: [] };
  const { model } = request;
  const predictions = topPredictions(logits, model);
  const message = {
    type: "pane-result",
    pane,
    frame: work.id,
    revision,
    model: model.id,
    predictions,
  } as const;
  return { state, effects: [{ kind: "send", message }] };
}

/** The maps that a viewer wants of each frame, the main one first. */
export function requestsOf({ request, panes }: LiveState): readonly PaneRequest[] {
  return [{ ...request, pane: 0, against: null }, ...panes];
}

/** Whether a pane still shows the view that something was computed for. */
function isWanted(state: LiveState, { pane, revision }: Pick<Shown, "pane" | "revision">): boolean {
  return requestsOf(state).some((request) => request.pane === pane && request.revision === revision);
}

/** A part of a map; tiles of an earlier view or for a full socket are dropped. */
export function onTile(state: LiveState, event: EventOf<"tile">, at: Moment): Reaction {
  if (!isWanted(state, event) || at.bufferedBytes > MAX_BUFFERED_BYTES) return { state, effects: [] };
  const { pane, revision, costMs } = event;
  const { samples = null } = event.tile;
  const tile = { ...event.tile, samples, frame: event.work.id, pane, revision, costMs, complete: false };
  return { state, effects: [{ kind: "send-tile", tile }] };
}

/** The finished map, sent whole. */
export function onDone(state: LiveState, event: EventOf<"done">, at: Moment): Reaction {
  if (!isWanted(state, event) || at.bufferedBytes > MAX_BUFFERED_BYTES) return { state, effects: [] };
  const { classIndex, height, width, extent, values, rgb, silent, samples = null } = event.map;
  const tile = {
    frame: event.work.id,
    pane: event.pane,
    revision: event.revision,
    costMs: event.costMs,
    classIndex,
    mapHeight: height,
    mapWidth: width,
    ...extentProperty(extent),
    row: 0,
    column: 0,
    rows: height,
    columns: width,
    progress: 1,
    complete: true,
    samples,
    values,
    ...(rgb === undefined ? {} : { rgb }),
    ...(silent === undefined ? {} : { silent }),
  };
  const sent: Effect = { kind: "send-tile", tile };
  const next = event.pane === 0 ? onFinished(state, event, at.nowMs) : { state, effects: [] };
  return { state: next.state, effects: [sent, ...next.effects] };
}

/** The engine or a method failed on a frame. */
export function onFailed(
  world: SessionWorld,
  state: LiveState,
  event: EventOf<"failed">,
  at: Moment,
): Reaction {
  const { current } = state;
  if (current === null || current.key !== event.key) return { state, effects: [] };
  if (event.pane > 0) {
    // The frame has its answer from the main pane, and the other panes their maps.
    if (!isWanted(state, event)) return { state, effects: [] };
    return {
      state,
      effects: [errorMessage(event.code, event.message, { pane: event.pane, revision: event.revision })],
    };
  }
  const effects: Effect[] = [
    errorMessage(event.code, event.message, { frame: current.id }),
    { kind: "retire", panes: "all" },
    { kind: "release", key: current.key },
  ];
  return goOn(world, { ...state, current: null }, effects, at);
}

function dropNotice(frame: number, cause: "superseded" | "slow"): Effect {
  return { kind: "send", message: { type: "dropped", frame, cause } };
}
