/** An error on its way out of a worker: with its code and its causes, which a structured clone would lose. */
import { type ErrorCode, GradcastError } from "./errors.ts";

/** Causes of causes that cross. */
const MOST_CAUSES = 4;

/** A cause: its own words, and where it was thrown. */
interface PackedCause {
  readonly message: string;
  readonly stack: string;
}

/** An error as plain data. */
export interface PackedError {
  readonly code: ErrorCode;
  readonly message: string;
  /** As a GradcastError has them; absent: none. */
  readonly items?: readonly string[];
  /** What lies behind it, the nearest first; empty where it was expected. */
  readonly causes: readonly PackedCause[];
}

/** Packs an error; what is no GradcastError becomes the cause of `otherwise`. */
export function packError(
  error: unknown,
  otherwise: Omit<PackedError, "causes">,
): PackedError {
  if (error instanceof GradcastError) {
    const { code, message, items } = error;
    return {
      ...{ code, message },
      ...(items.length === 0 ? {} : { items }),
      causes: causesOf(error).map(packCause),
    };
  }
  return { ...otherwise, causes: [error, ...causesOf(error)].map(packCause) };
}

/** Makes the error again, its causes in each other. */
export function unpackError({ code, message, items = [], causes }: PackedError): GradcastError {
  const cause = causes.reduceRight<Error | undefined>((inner, { message, stack }) => {
    const error = new Error(message, causedBy(inner));
    error.stack = stack;
    return error;
  }, undefined);
  return new GradcastError(code, message, { ...causedBy(cause), items });
}

/** What lies behind an error, the nearest first. */
export function causesOf(error: unknown): readonly unknown[] {
  const causes: unknown[] = [];
  for (let next = error; next instanceof Error && next.cause !== undefined && causes.length < MOST_CAUSES;) {
    next = next.cause;
    causes.push(next);
  }
  return causes;
}

function packCause(cause: unknown): PackedCause {
  if (!(cause instanceof Error)) return { message: String(cause), stack: String(cause) };
  return { message: cause.message, stack: cause.stack ?? `${cause.name}: ${cause.message}` };
}

function causedBy(cause: Error | undefined): ErrorOptions {
  return cause === undefined ? {} : { cause };
}
