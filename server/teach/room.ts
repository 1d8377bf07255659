/** The room of all collections: what pictures count, and when there is none left. */
import { GradcastError } from "../../shared/errors.ts";
import { MAX_TAUGHT_PICTURES } from "../../shared/limits.ts";
import type { KeptPicture } from "../store/mod.ts";

/** Bytes of all collections. */
export interface Room {
  bytesOf(id: string): number;
  readonly usedBytes: number;
  readonly maxBytes: number;
  add(id: string, bytes: number): void;
}

/** What a picture counts beside its file and its features, in bytes: its row. */
const ROW_BYTES = 200;
const FLOAT_BYTES = 4;

/**
 * Looks whether pictures can be added to a collection.
 *
 * @param count pictures that it has
 * @param sizes of the new ones, in bytes
 * @throws GradcastError `taught-full`
 */
export function expectRoom(
  { usedBytes, maxBytes }: Room,
  count: number,
  sizes: readonly number[],
): void {
  if (count + sizes.length > MAX_TAUGHT_PICTURES) {
    throw new GradcastError(
      "taught-full",
      `Cannot keep the pictures: expected at most ${MAX_TAUGHT_PICTURES} in a collection, got ${
        count + sizes.length
      }`,
    );
  }
  if (usedBytes + sum(sizes) > maxBytes) {
    throw new GradcastError(
      "taught-full",
      `Cannot keep the pictures: expected at most ${maxBytes} bytes in all collections, got ${
        usedBytes + sum(sizes)
      }`,
    );
  }
}

/** Bytes that a picture counts. */
export function sizeOf(
  file: Uint8Array | Pick<KeptPicture, "bytes"> | undefined,
  { length }: { readonly length: number },
): number {
  const bytes = file === undefined ? 0 : "bytes" in file ? file.bytes : file.byteLength;
  return bytes + FLOAT_BYTES * length + ROW_BYTES;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
