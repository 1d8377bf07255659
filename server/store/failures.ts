/** What went wrong with the data folder, as errors that the wire knows. */
import { type ErrorCode, GradcastError } from "../../shared/errors.ts";

/** What an error of SQLite or of the file system says, and the code that it stands for. */
const SIGNS: readonly (readonly [RegExp, ErrorCode])[] = [
  [/database is locked|database table is locked/, "data-locked"],
  [/database or disk is full|ENOSPC|EDQUOT|No space left|EFBIG|File too large/i, "disk-full"],
  [
    /unable to open database file|disk I\/O error|readonly database|not a database|malformed/,
    "data-unusable",
  ],
];

/** Codes of the file system, and the codes that they stand for. */
const SYSTEM_CODES: ReadonlyMap<unknown, ErrorCode> = new Map<unknown, ErrorCode>([
  ["ENOSPC", "disk-full"],
  ["EDQUOT", "disk-full"],
  ["EFBIG", "disk-full"],
  ["ENOENT", "data-gone"],
  ["EACCES", "data-unusable"],
  ["EPERM", "data-unusable"],
  ["EROFS", "data-unusable"],
  ["EIO", "data-unusable"],
]);

/**
 * Finds the wire's error for what the disk said; one that it has already stays as it is, a fault of the code too.
 *
 * @param action What could not be done, for the house form: "keep the clip".
 */
export function storeFailure(error: unknown, action: string): unknown {
  if (error instanceof GradcastError) return error;
  const code = failureCode(error);
  if (code === null) return error;
  return new GradcastError(code, `Cannot ${action}: ${messageOf(error)}`, { cause: error });
}

/** Runs some work; what the disk says is thrown as `storeFailure()` has it. */
export async function orStoreFailure<T>(action: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storeFailure(error, action);
  }
}

/** The wire's code for what the disk said, or null. */
export function failureCode(error: unknown): ErrorCode | null {
  if (!(error instanceof Error)) return null;
  if (error instanceof Deno.errors.NotCapable) return "data-unusable";
  if ("code" in error) {
    const known = SYSTEM_CODES.get(error.code);
    if (known !== undefined) return known;
  }
  return SIGNS.find(([sign]) => sign.test(error.message))?.[1] ?? null;
}

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
