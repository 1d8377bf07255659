/** Why a head could not be fitted, as whoever waits for it reads it. */
import { GradcastError } from "../../shared/errors.ts";
import { HEAD_NAMES, type HeadKind } from "../../shared/head_model.ts";
import { FAULTS } from "../../shared/wire_message.ts";

/** What is said where the server failed: its own words may name paths and processes. */
const FAULT = "its computation failed, and the server's log says why; choose another head, or add a picture";

/** The error of a head that failed. What the rows were refused for is said, and whatever is unexpected is not. */
export function fitFailure(kind: HeadKind, error: unknown): GradcastError {
  const refused = error instanceof GradcastError && !FAULTS.has(error.code) ? error : null;
  const reason = refused?.message.replace(/^Cannot (?:fit the head|fit a head|grow the tree): /u, "") ??
    FAULT;
  const what = `Cannot learn with the head “${HEAD_NAMES[kind]}”: ${reason}`;
  return new GradcastError("fit-failed", what, refused === null ? { cause: error } : {});
}
