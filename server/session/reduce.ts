/** The session as a state machine: `(state, event) → state and effects`, without I/O (shared/PROTOCOL.md). */
import { heartbeat } from "../../shared/heartbeat.ts";
import {
  HEARTBEAT_STEP_MS,
  HELLO_TIMEOUT_MS,
  MAX_BACKLOG_BYTES,
  MAX_BUFFERED_BYTES,
  MAX_SLOW_MS,
  MAX_VIEWERS_PER_ADDRESS,
} from "../../shared/limits.ts";
import { onTurned, takeTurn } from "./_asked.ts";
import { closing, errorMessage, refuse } from "./_refuse.ts";
import { onModel } from "./_models.ts";
import { onBinary, onDone, onFailed, onPaneRanking, onRanking, onRefused, onTile } from "./_frames.ts";
import { onLogFailed } from "./_log.ts";
import { endSearch, onSearch } from "./_search.ts";
import { measureNext, onMeasured } from "./_reasons.ts";
import { onText } from "./_text.ts";
import type {
  Effect,
  LiveState,
  Moment,
  Reaction,
  SessionEvent,
  SessionState,
  SessionWorld,
  TimerName,
} from "./state.ts";

type OpenState = Exclude<SessionState, { phase: "closed" }>;

/** What a session is before its socket has opened. */
export const FIRST_STATE: SessionState = { phase: "greeting", badInARow: 0 };

/** Takes one event; events after the close change nothing. */
export function reduce(world: SessionWorld, state: SessionState, event: SessionEvent, at: Moment): Reaction {
  if (state.phase === "closed") return { state, effects: [] };
  if (event.kind === "closed") return end(state, []);
  if (at.bufferedBytes > MAX_BACKLOG_BYTES) return end(state, closing("slow-viewer"));
  return settle(take(world, heard(state, event, at), event, at), at);
}

/** Notes that the client was heard (K1). */
function heard(state: OpenState, event: SessionEvent, { nowMs }: Moment): OpenState {
  if (state.phase !== "live" || (event.kind !== "text" && event.kind !== "binary")) return state;
  return { ...state, heartbeat: heartbeat(state.heartbeat, { kind: "heard", nowMs }).state };
}

function take(
  world: SessionWorld,
  state: OpenState,
  event: Exclude<SessionEvent, { kind: "closed" }>,
  at: Moment,
): Reaction {
  switch (event.kind) {
    case "opened":
      if (event.full !== null) {
        const message = fullMessage(event.full, world.maxViewers);
        return end(state, [errorMessage("busy", message), { kind: "close", code: "busy" }]);
      }
      return { state, effects: [{ kind: "arm", name: "hello", ms: HELLO_TIMEOUT_MS }] };
    case "displaced":
      // Who has not begun yet may have been slow: it tries again.
      return end(state, closing(state.phase === "live" ? "seat-given" : "busy"));
    case "shutdown":
      return end(state, closing("server-closing"));
    case "turned":
      return state.phase === "live" ? onTurned(state, event.tookMs, at.nowMs) : { state, effects: [] };
    case "timer":
      return onTimer(world, state, event.name, at);
    case "text":
      return onText(world, state, event.text, at.nowMs);
    case "binary":
      return state.phase === "live" ? onBinary(world, state, event.bytes, at) : refuse(
        state,
        "hello-expected",
        "Cannot take a frame: expected a hello first, got a frame",
      );
    case "search-progress":
    case "search-done":
    case "search-failed":
      return state.phase === "live" ? onSearch(state, event) : { state, effects: [] };
    case "measured":
      return state.phase === "live" ? onMeasured(state, event, at) : { state, effects: [] };
    case "log-failed":
      return state.phase === "live" ? onLogFailed(state, event) : { state, effects: [] };
    case "models":
    case "model-progress":
    case "model-ready":
    case "model-exchanged":
    case "model-failed":
      return state.phase === "live" ? onModel(world, state, event) : { state, effects: [] };
    case "refused":
    case "ranking":
    case "pane-ranking":
    case "tile":
    case "done":
    case "failed":
      return state.phase === "live" ? onWork(world, state, event, at) : { state, effects: [] };
    default: {
      const never: never = event;
      throw new TypeError(`Cannot take the event: its kind ${never} is unknown`);
    }
  }
}

function fullMessage(full: "all" | "address", maxViewers: number): string {
  const limit = full === "all" ? `${maxViewers}` : `${MAX_VIEWERS_PER_ADDRESS} from one network address`;
  return `Cannot take another viewer: the limit of ${limit} is reached`;
}

type WorkEvent = Extract<
  SessionEvent,
  { kind: "refused" | "ranking" | "pane-ranking" | "tile" | "done" | "failed" }
>;

function onWork(world: SessionWorld, state: LiveState, event: WorkEvent, at: Moment): Reaction {
  switch (event.kind) {
    case "refused":
      return onRefused(world, state, event, at);
    case "ranking":
      return onRanking(world, state, event, at);
    case "pane-ranking":
      return onPaneRanking(state, event, at);
    case "tile":
      return onTile(state, event, at);
    case "done":
      return onDone(state, event, at);
    case "failed":
      return onFailed(world, state, event, at);
    default: {
      const never: never = event;
      throw new TypeError(`Cannot take the event: its kind ${never} is unknown`);
    }
  }
}

function onTimer(world: SessionWorld, state: OpenState, name: TimerName, at: Moment): Reaction {
  switch (name) {
    case "hello":
      return state.phase === "greeting" ? end(state, closing("hello-timeout")) : { state, effects: [] };
    case "slow":
      return state.phase === "live" && state.slowSinceMs !== null &&
          at.nowMs - state.slowSinceMs >= MAX_SLOW_MS
        ? end(state, closing("slow-viewer"))
        : { state, effects: [] };
    case "heartbeat":
      return state.phase === "live" ? beat(state, at) : { state, effects: [] };
    case "turn":
      return state.phase === "live" ? takeTurn(world, state, at) : { state, effects: [] };
    case "reason":
      return state.phase === "live" ? measureNext(state, at.nowMs) : { state, effects: [] };
    default: {
      const never: never = name;
      throw new TypeError(`Cannot take the timer: its name ${never} is unknown`);
    }
  }
}

/** Asks a client that has fallen silent, or gives it up (K1). */
function beat(state: LiveState, { nowMs }: Moment): Reaction {
  // A question that waits behind what the client has not read yet says nothing: there B2 decides.
  const next = heartbeat(state.heartbeat, { kind: state.slowSinceMs === null ? "step" : "heard", nowMs });
  if (next.act === "give-up") return end(state, closing("connection-silent"));
  const effects: Effect[] = [{ kind: "arm", name: "heartbeat", ms: HEARTBEAT_STEP_MS }];
  if (next.act === "ping") effects.push({ kind: "send", message: { type: "ping" } });
  return { state: { ...state, heartbeat: next.state }, effects };
}

/** After each event: notes since when the socket is slow, and ends the session where an effect closes it. */
function settle({ state, effects }: Reaction, at: Moment): Reaction {
  if (state.phase === "closed") return { state, effects };
  if (effects.some((effect) => effect.kind === "close")) return end(state, effects);
  if (state.phase !== "live") return { state, effects };
  const slow = at.bufferedBytes > MAX_BUFFERED_BYTES;
  if (slow && state.slowSinceMs === null) {
    return {
      state: { ...state, slowSinceMs: at.nowMs },
      effects: [...effects, { kind: "arm", name: "slow", ms: MAX_SLOW_MS }],
    };
  }
  if (!slow && state.slowSinceMs !== null) {
    return {
      state: { ...state, slowSinceMs: null },
      effects: [...effects, { kind: "disarm", name: "slow" }],
    };
  }
  return { state, effects };
}

/** Closes a session and gives back what it holds. */
function end(state: SessionState, effects: readonly Effect[]): Reaction {
  const held: Effect[] = [{ kind: "disarm", name: "hello" }, { kind: "disarm", name: "slow" }];
  // A turn may be due though nothing waits for it: a frame that starts takes along what was asked for (M5).
  if (state.phase === "live") {
    held.push({ kind: "disarm", name: "heartbeat" }, { kind: "disarm", name: "turn" });
    if (state.reasons.on) held.push({ kind: "disarm", name: "reason" });
  }
  if (state.phase === "live") held.push(...endSearch(state).effects);
  if (state.phase === "live" && state.current !== null) {
    held.push({ kind: "retire", panes: "all" }, { kind: "release", key: state.current.key });
  }
  return { state: { phase: "closed" }, effects: [...effects, ...held] };
}
