/** Refusals: the error message that answers bad input, and the close where the table asks for one. */
import { type ErrorCode, ERRORS, GradcastError } from "../../shared/errors.ts";
import { MAX_BAD_MESSAGES } from "../../shared/limits.ts";
import type { Effect, Reaction, SessionState } from "./state.ts";

type OpenState = Exclude<SessionState, { phase: "closed" }>;

/** HTTP statuses from here on are the server's own failures. */
const SERVER_FAULTS = 500;

/** What an error answers, where it answers something. */
export interface Refused {
  readonly frame?: number;
  readonly revision?: number;
  readonly pane?: number;
}

/** The effect that sends an error to a viewer. */
export function errorMessage(
  code: ErrorCode,
  message: string,
  { frame, revision, pane }: Refused = {},
): Effect {
  return {
    kind: "send",
    message: {
      type: "error",
      code,
      message,
      frame: frame ?? null,
      revision: revision ?? null,
      pane: pane ?? null,
    },
  };
}

/** What some work returns, or the refusal that it threw. */
export function orRefusal<T>(work: () => T): T | GradcastError {
  try {
    return work();
  } catch (error) {
    if (error instanceof GradcastError) return error;
    throw error;
  }
}

/** Says the table's words and closes. */
export function closing(code: ErrorCode): Effect[] {
  return [errorMessage(code, ERRORS[code].words), { kind: "close", code }];
}

/**
 * Answers bad input; closes where the table says so, or after too many in a row (M4). What the server itself fails at is
 * no fault of the viewer and does not count.
 */
export function refuse(state: OpenState, code: ErrorCode, message: string, refused: Refused = {}): Reaction {
  const badInARow = state.badInARow + (ERRORS[code].status < SERVER_FAULTS ? 1 : 0);
  const answer = errorMessage(code, message, refused);
  if (ERRORS[code].close !== null) return { state, effects: [answer, { kind: "close", code }] };
  if (badInARow >= MAX_BAD_MESSAGES) return { state, effects: [answer, ...closing("message-flood")] };
  return { state: { ...state, badInARow }, effects: [answer] };
}
