/** Errors about what the server stores. */
import type { ErrorCode } from "../../shared/errors.ts";

/** Errors of a connection about its log (L); what the disk said is for whoever runs the server: its terminal has it. */
export const STORAGE_ERRORS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "log-budget",
  "log-failed",
  "data-in-use",
  "data-locked",
  "data-gone",
  "data-unusable",
  "disk-full",
]);
