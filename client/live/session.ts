/** One frame's walk through the page: from the source through pacer and link to predictions and overlay. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { encodeFrame, type Frame, type Tile } from "../../shared/codec.ts";
import { MAX_FRAME_BYTES } from "../../shared/limits.ts";
import {
  type ErrorMessage,
  type ReadRanking,
  type Result,
  type ServerMessage,
  type View,
  type Welcome,
} from "../../shared/protocol.ts";
import type { RemoteCommand } from "../../shared/remote.ts";
import { type MapNature, standardErrorOf } from "../../shared/map_values.ts";
import { madeWords } from "../map/made_words.ts";
import { ERRORS } from "../../shared/errors.ts";
import { natureOfView, unitOf, viewed, type ViewEvent, type ViewState } from "../view/view_state.ts";
import { type StreamObserver, StreamObservers } from "./stream_observers.ts";
import { STORAGE_ERRORS } from "./storage_errors.ts";
import { type Figures, FIGURES_STEP_MS, NO_FIGURES } from "./figures.ts";
import { Ledger } from "./ledger.ts";
import { Meter } from "./meter.ts";
import { FIRST_PACE, isWorthPreparing, pace, type PaceEvent, type PaceState } from "./pacer.ts";
import { createLink, type Link } from "./socket_link.ts";
import { type Board, createBoard } from "./board.ts";
import { SquareEncoder } from "../picture/square_encoder.ts";
import type { Surface } from "../picture/surface.ts";
import { steadyClarity, type UnclearSince } from "../map/steady_clarity.ts";
import { type MapStatus, mapStatus, STALE_MS } from "../map/map_status.ts";
import { namedTarget } from "../view/target_text.ts";
import { isCut } from "../map/scene_cut.ts";
import { Overlay } from "../map/overlay.ts";
import type { Scale } from "../map/scale.ts";
import type { Shading } from "../map/shade.ts";

/** Answers missed in a row after which the connection is made anew. */
const MAX_LOST_IN_ROW = 3;

/** What a session needs from the page. */
export interface SessionOptions {
  readonly url: string;
  readonly surface: Surface;
  readonly view: ViewState;
  readonly shading: (signed: boolean) => Omit<Shading, "range" | "signed">;
  /** Every class label by index, as far as they are known. */
  readonly labels: () => readonly string[];
  readonly isStill: () => boolean;
  readonly repeatStill: () => void;
  /** The scale that maps of this kind share, or null where each has its own. */
  readonly commonScale: (kind: { readonly unit: string; readonly nature: MapNature }) => Scale | null;
  /** Whether somebody watches or writes: they take a small copy in place of the network's own picture. */
  readonly wantsCopy: () => boolean;
  /** A remote wants something done. */
  readonly onCommand: (command: RemoteCommand) => void;
  /** Something went wrong that people should read. */
  readonly onProblem: (words: string) => void;
}

/** The live path of one page. */
export interface Session {
  readonly link: Link;
  readonly board: Board;
  readonly overlay: Overlay;
  readonly view: ReadonlySignal<ViewState>;
  readonly welcome: ReadonlySignal<Welcome | null>;
  readonly figures: ReadonlySignal<Figures>;
  readonly status: ReadonlySignal<MapStatus>;
  /** What the map is made of: "500 masks, standard error 0.004"; empty where its method draws no samples. */
  readonly made: ReadonlySignal<string>;
  /** The engine's time for the newest map, in ms, four times a second; null before the first. */
  readonly costMs: ReadonlySignal<number | null>;
  /** The overlay's scale, four times a second; null before the first evidence. */
  readonly scale: ReadonlySignal<Scale | null>;
  /** Whether the map on screen is a picture in colours of its own, which no scale says anything about. */
  readonly inColours: ReadonlySignal<boolean>;
  start(): void;
  changeView(event: ViewEvent): void;
  frameReady(nowMs: number, capturedMs: number, still: boolean): void;
  /** The picture changed (another source) or is the same but held or let go. */
  pictureChanged(change: "source" | "hold"): void;
  /** Reports the stream's events until the returned function is called. */
  observe(observer: StreamObserver): () => void;
  dispose(): void;
}

/** A frame's picture, with its copy for people where somebody wants one. */
type FramePicture = Pick<Frame, "format" | "picture" | "copy">;

/** Room that a frame leaves for its copy, in bytes. */
const MAX_COPY_BYTES = 128 * 1024;

type Outcome = Extract<PaceEvent, { kind: "answered" }>["outcome"];

/** Makes a session; nothing happens until `start()`. */
export function createSession(options: SessionOptions): Session {
  const view = signal<ViewState>(options.view);
  const welcome = signal<Welcome | null>(null);
  const figures = signal<Figures>(NO_FIGURES);
  const status = signal<MapStatus>({ kind: "waiting" });
  const made = signal("");
  const scale = signal<Scale | null>(null);
  const inColours = signal(false);
  const costMs = signal<number | null>(null);
  const encoder = new SquareEncoder();
  const board = createBoard();
  const meter = new Meter();
  const ledger = new Ledger();
  let pacing: PaceState = FIRST_PACE;
  /** The waiting frame, encoded ahead. */
  let prepared: { readonly capturedMs: number; readonly encoded: FramePicture } | null = null;
  /** Whether no frame of this source has been sent yet (F1). */
  let newSource = true;
  let slowDrops = { before: 0, now: 0 };
  /** Since when the picture has been moving, in ms: a map cannot be late before that. */
  let movingSinceMs = 0;
  /** First frame id of the picture that is held now. */
  let heldFrom = 0;
  let newestCostMs: number | null = null;
  /** The newest frame whose map is not reported to the observers, as it may still grow. */
  let untold: number | null = null;
  /** What people were told last to be seen; null before the first result. */
  let ranking: ReadRanking | null = null;
  let timer: ReturnType<typeof setInterval> | undefined;
  let unclearSince: UnclearSince = null;
  const observers = new StreamObservers();

  const overlay = new Overlay({
    nature: () => natureOfView(view.value.current, welcome.value?.methods ?? []),
    shading: options.shading,
    still: options.isStill,
    commonScale: () =>
      options.commonScale({
        unit: unitOf(view.value.current, welcome.value?.methods ?? []),
        nature: natureOfView(view.value.current, welcome.value?.methods ?? []),
      }),
    onDrawn,
  });

  const link = createLink({
    url: options.url,
    view: () => {
      // The server may have come back with another model, where the index is another class.
      const { current } = view.value;
      return { ...current, target: namedTarget(current.target, options.labels()) };
    },
    onMessage,
    onTile,
    onLive(live) {
      ledger.reconnected();
      untold = null;
      if (!live) {
        observers.disconnected();
        return dispatch({ kind: "disconnected" });
      }
      slowDrops = { before: slowDrops.before + slowDrops.now, now: 0 };
      overlay.forgetFrames();
      heldFrom = 0;
      observers.connected();
      // A still picture goes into the slot first, so that the connection begins with one frame, not with two.
      options.repeatStill();
      dispatch({ kind: "connected", nowMs: performance.now() });
    },
  });

  function method() {
    return welcome.value?.methods.find((one) => one.id === view.value.current.method);
  }

  function dispatch(event: PaceEvent): void {
    const { state, effects } = pace(pacing, event);
    pacing = state;
    for (const effect of effects) {
      const encoded = prepared?.capturedMs === effect.capturedMs ? prepared.encoded : encode(effect.still);
      prepared = null;
      const sent = encoded !== null &&
        link.sendFrame(encodeFrame({ ...effect, ...encoded, first: newSource }));
      if (sent) {
        newSource = false;
        ledger.sent(effect.id, effect.capturedMs);
        observers.sent(effect.id, effect.capturedMs);
      } else answered(effect.id, "unsent", null);
    }
  }

  function frameReady(nowMs: number, capturedMs: number, still: boolean): void {
    link.wanted();
    observers.captured(capturedMs, still);
    dispatch({ kind: "frame-ready", nowMs, capturedMs, still });
    // While the engine computes the page has time: what it encodes now, the engine does not wait for later.
    const encoded = isWorthPreparing(pacing) ? encode(still) : null;
    prepared = encoded === null ? null : { capturedMs, encoded };
    observers.afterCapture();
  }

  function encode(still: boolean): FramePicture | null {
    const { surface } = options;
    const side = welcome.value?.model.width ?? 224;
    const encoded = still
      ? encoder.still(surface.still(), side)
      : encoder.moving(observers.copy ?? surface.current(), side, {
        slow: pacing.remote,
        maxBytes: MAX_FRAME_BYTES - MAX_COPY_BYTES,
      });
    const copy = encoded !== null && options.wantsCopy() ? encoder.copy() : null;
    return encoded === null ? null : { ...encoded, ...(copy !== null && { copy }) };
  }

  function onMessage(message: ServerMessage): void {
    switch (message.type) {
      case "welcome":
        welcome.value = message;
        return changeView({ kind: "welcomed" });
      case "view":
        return changeView({ kind: "accepted", view: readView(message) });
      case "pane":
      case "log":
      case "logged":
      case "shared":
        return observers.message(message);
      case "remote":
        return options.onCommand(message.command);
      case "stage":
      case "away":
        // For those who watch.
        return;
      case "ping":
      case "pong":
        // The link has answered.
        return;
      case "result":
        return onResult(message);
      case "dropped":
        return answered(message.frame, "superseded", null);
      case "error":
        return onError(message);
      default: {
        const _never: never = message;
        return _never;
      }
    }
  }

  function answered(id: number, outcome: Outcome, serverMs: number | null): void {
    dispatch({ kind: "answered", nowMs: performance.now(), id, outcome, serverMs });
  }

  function onResult(result: Result): void {
    // The next frame leaves before anything is drawn: the engine is idle from here on.
    answered(result.frame, "result", result.times.server);
    slowDrops.now = result.dropped.slow;
    if (isCut(ranking, result.ranking)) {
      overlay.noteCut(performance.now());
      observers.sceneCut();
    }
    ranking = result.ranking;
    board.take(result);
    ledger.result(result.frame);
    overlay.noteFrame(result.frame, method()?.progressive ?? false);
    observers.result(result);
    // What grows tile by tile is as far as it gets once the next frame is computed.
    if (untold !== null) tellMap(untold);
    untold = method()?.progressive ?? false ? result.frame : null;
  }

  function tellMap(frame: number): void {
    if (overlay.map !== null) observers.explained(frame, overlay.map);
  }

  function onTile(tile: Tile): void {
    observers.tile(tile, ledger.capturedMs(tile.frame));
    if (tile.pane > 0) return;
    if (tile.revision !== view.value.current.revision) return;
    newestCostMs = tile.costMs;
    ledger.tile(tile.frame);
    overlay.add(tile, performance.now());
    // A whole map says what of the earlier ones holds for its frame as well.
    const whole = tile.rows === tile.mapHeight && tile.columns === tile.mapWidth;
    if (whole || options.isStill() || !(method()?.progressive ?? false)) tellMap(tile.frame);
    if (whole && tile.frame === untold) untold = null;
  }

  function onDrawn(nowMs: number): void {
    const ageMs = ledger.drawn(nowMs, method()?.progressive ?? false);
    if (ageMs !== null) meter.drawn(nowMs, ageMs);
  }

  function onError(message: ErrorMessage): void {
    observers.message(message);
    // It is said in the pane.
    if (message.pane !== null) return;
    if (message.frame !== null) answered(message.frame, "refused", null);
    if (message.revision !== null) changeView({ kind: "refused", revision: message.revision });
    // An error that closes the connection is said where the connection is.
    if (ERRORS[message.code].close !== null) return;
    const words = ERRORS[message.code].words;
    options.onProblem(STORAGE_ERRORS.has(message.code) ? words : `${words} ${message.message}.`);
  }

  function changeView(event: ViewEvent): void {
    const before = view.value;
    view.value = viewed(before, event);
    if (view.value.lastRevision > before.lastRevision && event.kind !== "accepted") {
      if (event.kind !== "target") overlay.forgetScale();
      link.sendView(view.value.current);
    }
    refresh();
  }

  function refresh(): void {
    const nowMs = performance.now();
    const { map } = overlay;
    const still = options.isStill();
    if (still || document.visibilityState === "hidden") movingSinceMs = nowMs;
    const ageMs = nowMs - Math.max(ledger.mapCapturedMs, movingSinceMs);
    const named = method();
    const finished = map !== null && map.complete && named?.subject === "picture";
    const error = standardErrorOf(map?.samples ?? null, named?.sampling ?? null);
    const steady = steadyClarity(unclearSince, {
      clarity: finished ? overlay.clarity(error) : "clear",
      still,
      nowMs,
    });
    unclearSince = steady.since;
    const next = mapStatus({
      hasMap: map !== null,
      isCurrent: map?.revision === view.value.current.revision,
      still,
      ofHeldPicture: map !== null && map.frame >= heldFrom,
      progress: map?.progress ?? 0,
      known: overlay.knownShare(nowMs),
      complete: map?.complete ?? false,
      empty: overlay.isEmpty(),
      clarity: steady.shown,
      inColours: map !== null && map.rgb !== null,
      silent: map?.silent ?? false,
      ageMs,
      progressive: named?.progressive ?? false,
    });
    made.value = madeWords(map?.samples ?? null, named?.sampling ?? null);
    if (JSON.stringify(next) !== JSON.stringify(status.value)) status.value = next;
    scale.value = overlay.scale;
    inColours.value = map !== null && map.rgb !== null;
    costMs.value = newestCostMs;
    const recent = meter.recentAge(nowMs);
    figures.value = {
      // A stream that stands still grows old in front of everybody; a held picture does not.
      ageMs: recent ?? (still || ageMs < STALE_MS ? figures.value.ageMs : ageMs),
      p50Ms: meter.age(0.5),
      p95Ms: meter.age(0.95),
      perSecond: meter.rate(nowMs),
      drops: { ...pacing.drops, slow: slowDrops.before + slowDrops.now },
    };
  }

  function step(): void {
    dispatch({ kind: "tick", nowMs: performance.now() });
    if (pacing.lostInRow >= MAX_LOST_IN_ROW) link.stalled();
    refresh();
  }

  return {
    link,
    board,
    overlay,
    view,
    welcome,
    figures,
    status,
    made,
    costMs,
    scale,
    inColours,
    start() {
      link.start();
      timer = setInterval(step, FIGURES_STEP_MS);
    },
    changeView,
    frameReady,
    pictureChanged(change) {
      prepared = null;
      untold = null;
      observers.pictureChanged(change);
      dispatch({ kind: "source-changed" });
      heldFrom = pacing.nextId;
      movingSinceMs = performance.now();
      if (change === "source") {
        newSource = true;
        overlay.clear();
        meter.clear();
      }
      overlay.redraw();
      refresh();
    },
    observe: (observer) => observers.add(observer),
    dispose() {
      clearInterval(timer);
      link.dispose();
      board.dispose();
      overlay.dispose();
    },
  };
}

function readView(message: Extract<ServerMessage, { type: "view" }>): View {
  const { revision, method, target, layer, options } = message;
  return { revision, method, target, layer, options };
}
