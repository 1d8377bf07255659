/** Decides which camera frames are sent and when; a pure reducer, so that tests drive it with plain numbers. */
import { MAX_FRAMES_IN_FLIGHT } from "../../shared/limits.ts";

/** How long an answer may take before its frame is given up, in ms. */
export const ANSWER_TIMEOUT_MS = 3_000;

/** A second frame may travel only where the network costs at least this, in ms. */
export const REMOTE_NETWORK_MS = 20;

/**
 * A frame that has waited for a larger share of the camera's interval is left out for the next one, which is then not
 * far. With a half, ages are about a fifth higher and no more frames are explained (measured with engine and browser on
 * two cores).
 */
const WAITED_SHARE = 0.25;

/** Weight of the newest sample in the running averages. */
const AVERAGE_WEIGHT = 0.2;

/** A pause counts as this many intervals at most: it is a hidden tab, not a slow camera. */
const LONGEST_STEP = 4;

/** Frame interval assumed until two frames came, in ms. */
const FIRST_INTERVAL_MS = 1000 / 30;

/** The newest frame, waiting for the link to become free. */
interface Slot {
  readonly readyMs: number;
  readonly capturedMs: number;
  readonly still: boolean;
}

/** A frame without an answer. */
interface Flight extends Slot {
  readonly id: number;
  readonly sentMs: number;
}

/** Frames that were not explained, by cause. */
export interface PaceDrops {
  /** A newer frame took the slot: the camera is faster than the engine. */
  readonly replaced: number;
  /** The link became free too late for the waiting frame; the next one goes instead. */
  readonly aged: number;
  /** The server replaced it before it was computed (F6). */
  readonly superseded: number;
  /** No answer came within `ANSWER_TIMEOUT_MS`. */
  readonly lost: number;
  /** The server answered with an error. */
  readonly refused: number;
  /** The picture could not be encoded, or the socket did not take it. */
  readonly unsent: number;
  /** The connection ended under way, or there was none. */
  readonly disconnected: number;
}

/** Everything the pacer knows. */
export interface PaceState {
  readonly connected: boolean;
  readonly nextId: number;
  readonly waiting: Slot | null;
  readonly inFlight: readonly Flight[];
  /** Time between camera frames, running average in ms. */
  readonly intervalMs: number;
  readonly lastReadyMs: number | null;
  /** Sending to answer, running average in ms. */
  readonly roundTripMs: number | null;
  /** The server's share of the round trip, running average in ms. */
  readonly serverMs: number | null;
  /** True while the network, not the engine, is what a frame waits for: then two frames may travel. */
  readonly remote: boolean;
  /** Answers missed in a row; any answer clears it. */
  readonly lostInRow: number;
  readonly drops: PaceDrops;
}

/** What happens to the pacer; all times in ms of one clock. */
export type PaceEvent =
  | { readonly kind: "connected"; readonly nowMs: number }
  | { readonly kind: "disconnected" }
  | {
    readonly kind: "frame-ready";
    readonly nowMs: number;
    readonly capturedMs: number;
    /** True where no newer frame is about to follow: it waits for as long as it takes. */
    readonly still: boolean;
  }
  /** The picture that waits is not shown any more (another source, frozen or thawed). */
  | { readonly kind: "source-changed" }
  | {
    readonly kind: "answered";
    readonly nowMs: number;
    readonly id: number;
    readonly outcome: "result" | "superseded" | "refused" | "unsent";
    /** The server's own time for this frame in ms, where the answer says it. */
    readonly serverMs: number | null;
  }
  | { readonly kind: "tick"; readonly nowMs: number };

/** What the caller does next: encode the newest picture and send it under this id. */
export interface SendEffect {
  readonly kind: "send";
  readonly id: number;
  readonly capturedMs: number;
  readonly still: boolean;
}

/** A step of the pacer. */
export interface Paced {
  readonly state: PaceState;
  readonly effects: readonly SendEffect[];
}

/** The pacer before the first connection. */
export const FIRST_PACE: PaceState = {
  connected: false,
  nextId: 1,
  waiting: null,
  inFlight: [],
  intervalMs: FIRST_INTERVAL_MS,
  lastReadyMs: null,
  roundTripMs: null,
  serverMs: null,
  remote: false,
  lostInRow: 0,
  drops: { replaced: 0, aged: 0, superseded: 0, lost: 0, refused: 0, unsent: 0, disconnected: 0 },
};

/** Takes one event; the caller performs the effects. */
export function pace(state: PaceState, event: PaceEvent): Paced {
  switch (event.kind) {
    case "connected":
      // Ids rise within a connection only, and nothing measured on the old one holds for the new one.
      return send({
        ...giveUp(state, state.inFlight, "disconnected"),
        connected: true,
        nextId: 1,
        roundTripMs: null,
        serverMs: null,
        remote: false,
        lostInRow: 0,
      }, event.nowMs);
    case "disconnected":
      return rest({ ...giveUp(state, state.inFlight, "disconnected"), connected: false });
    case "source-changed":
      // A still picture under way is not sent again either: it is not what the page shows any more.
      return rest({
        ...state,
        waiting: null,
        lastReadyMs: null,
        inFlight: state.inFlight.map((flight) => ({ ...flight, still: false })),
      });
    case "frame-ready":
      return frameReady(state, event);
    case "answered":
      return answered(state, event);
    case "tick": {
      const late = state.inFlight.filter((flight) => event.nowMs - flight.sentMs >= ANSWER_TIMEOUT_MS);
      if (late.length === 0) return rest(state);
      const left = giveUp(state, late, "lost");
      return send({ ...left, lostInRow: state.lostInRow + late.length }, event.nowMs);
    }
    default: {
      const _never: never = event;
      return _never;
    }
  }
}

/**
 * Reports whether the waiting frame is likely to be sent, so that encoding it now saves that time later.
 *
 * The answer to the frame under way has to be due before the waiting one is too old to be sent.
 */
export function isWorthPreparing({ waiting, inFlight, roundTripMs, intervalMs }: PaceState): boolean {
  const [first] = inFlight;
  if (waiting === null || first === undefined || roundTripMs === null) return false;
  return first.sentMs + roundTripMs - waiting.readyMs <= WAITED_SHARE * intervalMs;
}

function frameReady(state: PaceState, event: Extract<PaceEvent, { kind: "frame-ready" }>): Paced {
  const { nowMs, capturedMs, still } = event;
  const replaced = state.waiting === null || state.waiting.still
    ? state
    : count(state, state.connected ? "replaced" : "disconnected");
  const next: PaceState = {
    ...replaced,
    intervalMs: still || state.lastReadyMs === null
      ? state.intervalMs
      : average(state.intervalMs, Math.min(nowMs - state.lastReadyMs, LONGEST_STEP * state.intervalMs)),
    lastReadyMs: still ? null : nowMs,
    waiting: { readyMs: nowMs, capturedMs, still },
  };
  return send(next, nowMs);
}

function answered(state: PaceState, event: Extract<PaceEvent, { kind: "answered" }>): Paced {
  const flight = state.inFlight.find((one) => one.id === event.id);
  // An answer that comes after its frame was given up changes nothing.
  if (flight === undefined) return rest(state);
  let next: PaceState = {
    ...state,
    inFlight: state.inFlight.filter((one) => one !== flight),
    lostInRow: 0,
  };
  switch (event.outcome) {
    case "result":
      if (event.serverMs !== null) next = measured(next, event.nowMs - flight.sentMs, event.serverMs);
      break;
    case "superseded":
      next = giveUp(state, [flight], "superseded");
      break;
    case "refused":
    case "unsent":
      next = count(next, event.outcome);
      break;
    default: {
      const _never: never = event.outcome;
      return _never;
    }
  }
  return send({ ...next, lostInRow: 0 }, event.nowMs);
}

/** Sends the waiting frame where the link is free and the frame is still worth it. */
function send(state: PaceState, nowMs: number): Paced {
  const { waiting } = state;
  if (waiting === null || !state.connected) return rest(state);
  const room = waiting.still || state.remote ? MAX_FRAMES_IN_FLIGHT : 1;
  if (state.inFlight.length >= room) return rest(state);
  // The next camera frame is nearer than this one is fresh: waiting for it gives the lower age.
  if (!waiting.still && nowMs - waiting.readyMs > WAITED_SHARE * state.intervalMs) {
    return rest({ ...count(state, "aged"), waiting: null });
  }
  const flight: Flight = { ...waiting, id: state.nextId, sentMs: nowMs };
  return {
    state: { ...state, waiting: null, nextId: state.nextId + 1, inFlight: [...state.inFlight, flight] },
    effects: [{ kind: "send", id: flight.id, capturedMs: flight.capturedMs, still: flight.still }],
  };
}

/** Takes frames off the flight list; a still picture goes back to the slot, as no newer one will come. */
function giveUp(state: PaceState, flights: readonly Flight[], cause: keyof PaceDrops): PaceState {
  if (flights.length === 0) return state;
  const newest = flights.at(-1);
  const again = newest?.still === true && state.waiting === null ? newest : null;
  return {
    ...count(state, cause, flights.length),
    inFlight: state.inFlight.filter((one) => !flights.includes(one)),
    waiting: again === null
      ? state.waiting
      : { readyMs: again.readyMs, capturedMs: again.capturedMs, still: true },
  };
}

/** Learns from one round trip whether the network or the engine is what takes the time. */
function measured(state: PaceState, roundTripMs: number, serverMs: number): PaceState {
  const trip = state.roundTripMs === null ? roundTripMs : average(state.roundTripMs, roundTripMs);
  const server = state.serverMs === null ? serverMs : average(state.serverMs, serverMs);
  const network = trip - server;
  const remote = state.remote
    ? network > 0.7 * server
    : network > server && network > REMOTE_NETWORK_MS && state.roundTripMs !== null;
  return { ...state, roundTripMs: trip, serverMs: server, remote };
}

function average(before: number, sample: number): number {
  return before + AVERAGE_WEIGHT * (sample - before);
}

function count(state: PaceState, cause: keyof PaceDrops, by = 1): PaceState {
  return { ...state, drops: { ...state.drops, [cause]: state.drops[cause] + by } };
}

function rest(state: PaceState): Paced {
  return { state, effects: [] };
}
