/** Notices that the other end of a socket fell silent; pure, used by both ends (PROTOCOL.md, K1 to K3). */
import { HEARTBEAT_STEP_MS, MAX_SILENCE_MS, PING_AFTER_MS } from "./limits.ts";

/** What an end knows of the other one. */
export interface Heartbeat {
  /** Time that was waited without hearing anything, in ms. */
  readonly silentMs: number;
  /** When that was last added up, in ms of the end's own clock. */
  readonly atMs: number;
  /** Whether the other end was asked since it was last heard. */
  readonly asked: boolean;
}

/** What can happen; times in ms of the end's own clock. */
export type HeartbeatEvent =
  /** A message came, whichever. */
  | { readonly kind: "heard"; readonly nowMs: number }
  /** `HEARTBEAT_STEP_MS` have passed, or more where the end was busy or its tab hidden. */
  | { readonly kind: "step"; readonly nowMs: number }
  /** The network is back or the tab shows: ask at once instead of when it is time. */
  | { readonly kind: "doubt"; readonly nowMs: number };

/** What the end does next: nothing, ask whether the other one is there, or give the socket up. */
export type HeartbeatAct = "none" | "ping" | "give-up";

/** A socket that has just begun to talk. */
export function firstHeartbeat(nowMs: number): Heartbeat {
  return { silentMs: 0, atMs: nowMs, asked: false };
}

/**
 * Takes one event.
 *
 * A step counts for two steps at most: an end that was busy or suspended itself has not listened meanwhile, and must
 * not blame the other one for it.
 */
export function heartbeat(
  state: Heartbeat,
  event: HeartbeatEvent,
): { readonly state: Heartbeat; readonly act: HeartbeatAct } {
  switch (event.kind) {
    case "heard":
      return { state: firstHeartbeat(event.nowMs), act: "none" };
    case "doubt": {
      const silentMs = Math.max(state.silentMs, PING_AFTER_MS);
      return { state: { silentMs, atMs: event.nowMs, asked: true }, act: "ping" };
    }
    case "step": {
      const passedMs = Math.min(Math.max(0, event.nowMs - state.atMs), 2 * HEARTBEAT_STEP_MS);
      const silentMs = state.silentMs + passedMs;
      // The next step would come too late: nobody is called live who was not heard of in that time.
      if (state.asked && silentMs > MAX_SILENCE_MS - HEARTBEAT_STEP_MS) {
        return { state: { ...state, silentMs, atMs: event.nowMs }, act: "give-up" };
      }
      const ask = !state.asked && silentMs >= PING_AFTER_MS;
      return {
        state: { silentMs, atMs: event.nowMs, asked: state.asked || ask },
        act: ask ? "ping" : "none",
      };
    }
    default: {
      const never: never = event;
      throw new TypeError(
        `Cannot take the heartbeat's event: its kind is not known: ${JSON.stringify(never)}`,
      );
    }
  }
}
