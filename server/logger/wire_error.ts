/** The one place where an error becomes what a client reads, and an unexpected one a line of the log. */
import { type ErrorCode, ERRORS, GradcastError } from "../../shared/errors.ts";
import { FAULTS, wireMessage } from "../../shared/wire_message.ts";
import type { Logger } from "./logger.ts";

/** An error as it crosses the wire. */
export interface WireError {
  readonly code: ErrorCode;
  /** What happened, for whoever writes the client. */
  readonly message: string;
  /** What happened and what to do, for people. */
  readonly words: string;
  /** Each thing that does not fit, where there are several; absent: the message says it all. */
  readonly items?: readonly string[];
}

/** Errors that are unexpected where a cause lies behind them: what a disk, a worker or a decoder said. */
const CAUSED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  ...FAULTS,
  "data-gone",
  "data-locked",
  "data-unusable",
  "disk-full",
  "frame-corrupt",
  "log-failed",
]);

/** What an error is logged to, and what could not be done. */
export interface WireContext {
  readonly logger: Logger;
  /** As in "Cannot ACTION". */
  readonly action: string;
}

/**
 * Says what a client may read of an error. What was thrown by code that is not ours, by the system or by a library, is
 * logged with its stack and causes and answered with the table's words, as is whatever the server fails at: it may name
 * paths, processes and addresses.
 */
export function toWireError(error: unknown, { logger, action }: WireContext): WireError {
  const known = error instanceof GradcastError;
  const code = known ? error.code : "server-fault";
  const { words } = ERRORS[code];
  if (!known || FAULTS.has(code) || error.cause !== undefined && CAUSED.has(code)) {
    logger.log("error", `Cannot ${action}`, { code, error });
  }
  const items = known && !FAULTS.has(code) ? error.items : [];
  return {
    ...{ code, message: known ? wireMessage(error) : words, words },
    ...(items.length === 0 ? {} : { items }),
  };
}
