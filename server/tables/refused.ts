import { GradcastError } from "../../shared/errors.ts";
import { MAX_TABLE_BYTES } from "../../shared/table_wire.ts";

/** What is thrown where a table, or what is asked of it, does not fit; `reason` says what and where. */
export function refused(reason: string): GradcastError {
  return new GradcastError("table-refused", `Cannot explain the table: ${reason}`);
}

/** What is thrown for a file that is too large, before it is read. */
export function tooLarge(bytes: number): GradcastError {
  return new GradcastError(
    "table-bytes",
    `Cannot read the table: expected at most ${MAX_TABLE_BYTES} bytes, got ${bytes}; take a sample of its rows`,
  );
}
