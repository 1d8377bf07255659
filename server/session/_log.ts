/** The viewer's log: on, off, or off as it failed (rules L1, L2, L10 and L11). */
import type { ErrorCode } from "../../shared/errors.ts";
import type { LogRight } from "../../shared/protocol.ts";
import { errorMessage, refuse } from "./_refuse.ts";
import type { Effect, LiveState, Reaction, SessionEvent, SessionWorld } from "./state.ts";

/** Turns the viewer's log on or off. */
export function switchLog(world: SessionWorld, state: LiveState, on: boolean): Reaction {
  const refusal = on ? refusalOf(world.log) : null;
  if (refusal !== null) return refuse(state, ...refusal);
  const effects: Effect[] = state.logging === on ? [] : [{ kind: "log", on }];
  return {
    state: { ...state, logging: on, badInARow: 0 },
    effects: [...effects, { kind: "send", message: { type: "log", on } }],
  };
}

/** The log cannot be written: it is off from now on. */
export function onLogFailed(
  state: LiveState,
  { code, message }: Extract<SessionEvent, { kind: "log-failed" }>,
): Reaction {
  const effects: Effect[] = [errorMessage(code, message)];
  if (state.logging) {
    effects.push({ kind: "log", on: false }, { kind: "send", message: { type: "log", on: false } });
  }
  return { state: { ...state, logging: false }, effects };
}

function refusalOf(right: LogRight): [ErrorCode, string] | null {
  switch (right) {
    case "allowed":
      return null;
    case "none":
      return ["no-log", "Cannot turn the log on: the server was started without one (--log-days 0)"];
    case "own-machine":
      return [
        "log-refused",
        "Cannot turn the log on: expected a page on the server's own machine, got another one",
      ];
    default: {
      const never: never = right;
      throw new TypeError(`Cannot turn the log on: '${never}' is no right`);
    }
  }
}
