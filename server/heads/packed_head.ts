/** Heads as bytes, for the way out of the worker and for the disk: large lists of numbers stay what they are, the rest is JSON. */
import { createHash } from "node:crypto";
import { GradcastError } from "../../shared/errors.ts";
import type { HeadModel, PcaLinearHead } from "../../shared/head_model.ts";
import { parseHead } from "./head_json.ts";

/** A head as bytes. */
export interface PackedHead {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** SHA-256 of the head as JSON, in hex: that of the file that it is exported as. */
  readonly sha256: string;
}

/** A head whose components may still lie where they were computed. */
export type PackableHead =
  | Exclude<HeadModel, PcaLinearHead>
  | Omit<PcaLinearHead, "components"> & { readonly components: readonly ArrayLike<number>[] };

/** What the bytes begin with: which format this is. */
const FORMAT = 0x31484347;

/** The format, and how long the JSON is. */
const START_BYTES = 8;

const FLOAT_BYTES = 8;

/** Packs a head: its JSON without the large list, then that list. */
export function packHead(head: PackableHead): PackedHead {
  const { kind } = head;
  const list = kind === "nearest"
    ? new TextEncoder().encode(head.rows)
    : kind === "pca-linear"
    ? new Uint8Array(floatsOf(head.components, head.width).buffer)
    : new Uint8Array();
  const rest = kind === "nearest"
    ? { ...head, rows: "" }
    : kind === "pca-linear"
    ? { ...head, components: [] }
    : head;
  const text = new TextEncoder().encode(JSON.stringify(rest));
  const at = listAt(text.length);
  const bytes = new Uint8Array(at + list.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, FORMAT, true);
  view.setUint32(4, text.length, true);
  bytes.set(text, START_BYTES);
  bytes.set(list, at);
  return { bytes, sha256: hashOfHead(head) };
}

/**
 * The head in bytes that {@link packHead} wrote.
 *
 * @throws Error where they are something else, as {@link checkPacked} finds out
 */
export function unpackHead(bytes: Uint8Array<ArrayBuffer>): HeadModel {
  const head = jsonIn(bytes);
  const at = listAt(lengthIn(bytes));
  switch (head.kind) {
    case "nearest":
      return { ...head, rows: new TextDecoder().decode(bytes.subarray(at)) };
    case "pca-linear": {
      const { width, explained } = head;
      const values = new Float64Array(bytes.slice(at).buffer);
      return {
        ...head,
        components: explained.map((_, k) => [...values.subarray(k * width, (k + 1) * width)]),
      };
    }
    default:
      return head;
  }
}

/**
 * Checks bytes from elsewhere.
 *
 * @throws GradcastError `head-refused` where they hold no head
 */
export function checkPacked(bytes: Uint8Array<ArrayBuffer>): PackedHead {
  let head: HeadModel;
  try {
    head = unpackHead(bytes);
  } catch (cause) {
    throw damaged(cause);
  }
  return { bytes, sha256: hashOfHead(parseHead(head)) };
}

/** SHA-256 of a head as JSON, in hex; never all of the JSON is in memory. */
export function hashOfHead(head: PackableHead): string {
  const hash = createHash("sha256");
  for (const part of jsonOf(head)) hash.update(part);
  return hash.digest("hex");
}

/** What JSON.stringify() writes of a head, in parts. */
function* jsonOf(head: PackableHead): Generator<string, void, undefined> {
  let before = "{";
  for (const [name, value] of Object.entries(head)) {
    if (value === undefined) continue;
    yield `${before}${JSON.stringify(name)}:`;
    before = ",";
    if (!Array.isArray(value)) {
      yield JSON.stringify(value);
      continue;
    }
    let first = "[";
    for (const item of value) {
      yield first + JSON.stringify(item instanceof Float64Array ? [...item] : item);
      first = ",";
    }
    yield value.length === 0 ? "[]" : "]";
  }
  yield "}";
}

function floatsOf(rows: readonly ArrayLike<number>[], width: number): Float64Array<ArrayBuffer> {
  const values = new Float64Array(rows.length * width);
  for (const [k, row] of rows.entries()) values.set(row, k * width);
  return values;
}

/** Where the list begins: at a multiple of a number's size. */
function listAt(jsonBytes: number): number {
  return Math.ceil((START_BYTES + jsonBytes) / FLOAT_BYTES) * FLOAT_BYTES;
}

function lengthIn(bytes: Uint8Array<ArrayBuffer>): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < START_BYTES || view.getUint32(0, true) !== FORMAT) throw damaged();
  return view.getUint32(4, true);
}

function jsonIn(bytes: Uint8Array<ArrayBuffer>): HeadModel {
  const end = START_BYTES + lengthIn(bytes);
  try {
    return JSON.parse(new TextDecoder().decode(bytes.subarray(START_BYTES, end)));
  } catch (cause) {
    throw damaged(cause);
  }
}

function damaged(cause?: unknown): GradcastError {
  return new GradcastError("head-refused", "Cannot read the head: its bytes are damaged", { cause });
}
