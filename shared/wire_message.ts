/** What of an error's own words a client may read. */
import { type ErrorCode, ERRORS, type GradcastError } from "./errors.ts";
import { causesOf } from "./packed_error.ts";

/** Errors by which the server fails, not the one who asked. */
export const FAULTS: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["engine-failed", "server-fault"]);

/**
 * The message, or the table's words where the server failed or the message has in it what a cause says: the system and
 * libraries name paths, processes and addresses.
 */
export function wireMessage(error: GradcastError): string {
  return FAULTS.has(error.code) || repeatsCause(error) ? ERRORS[error.code].words : error.message;
}

function repeatsCause(error: GradcastError): boolean {
  return causesOf(error).some((cause) => {
    const said = cause instanceof Error ? cause.message : String(cause);
    return said !== "" && error.message.includes(said);
  });
}
