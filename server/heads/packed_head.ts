/** Heads as bytes, for the way out of the worker and for the disk: large lists of numbers stay what they are, the rest is JSON. */
import { createHash } from "node:crypto";
import { GradcastError } from "../../shared/errors.ts";
import { type HeadModel, MAX_TREE_NODES, MAX_TREES, type PcaLinearHead } from "../../shared/head_model.ts";
import { type FlatForest, flatTrees, forestBytes, isWhole, treeOf } from "./flat_forest.ts";
import { parseHead } from "./head_json.ts";
import { type AnyHead, runnable, type RunnableHead } from "./runnable_head.ts";

/** A head as bytes. */
export interface PackedHead {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** SHA-256 of the head as JSON, in hex: that of the file that it is exported as. */
  readonly sha256: string;
}

/** A head whose components may still lie where they were computed. */
export type PackableHead =
  | Exclude<AnyHead, PcaLinearHead>
  | Omit<PcaLinearHead, "components"> & { readonly components: readonly ArrayLike<number>[] };

/** What the bytes begin with: which format this is. */
const FORMAT = 0x31484347;

/** The format, and how long the JSON is. */
const START_BYTES = 8;

const FLOAT_BYTES = 8;

/** A turn of the event loop that makes JSON, in ms. */
const TURN_MS = 10;

/** Packs a head: its JSON without the large list, then that list. */
export function packHead(packable: PackableHead): PackedHead {
  const head = packable.kind === "pca-linear" ? packable : runnable(packable);
  const { list, rest } = partsOf(head);
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

/** The large list of a head as bytes, and the head without it. */
function partsOf(head: Exclude<RunnableHead, PcaLinearHead> | Extract<PackableHead, { kind: "pca-linear" }>) {
  switch (head.kind) {
    case "nearest":
      return { list: new TextEncoder().encode(head.rows), rest: { ...head, rows: "" } };
    case "pca-linear":
      return {
        list: new Uint8Array(floatsOf(head.components, head.width).buffer),
        rest: { ...head, components: [] },
      };
    case "forest":
      return { list: head.numbers, rest: { ...head, numbers: null } };
    case "linear":
    case "tree":
      return { list: new Uint8Array(), rest: head };
    default: {
      const never: never = head;
      throw new TypeError(`Cannot pack a head: its kind ${never} is unknown`);
    }
  }
}

/**
 * The head in bytes that {@link packHead} wrote; a forest's numbers stay where they are.
 *
 * @throws Error where they are something else, as {@link checkPacked} finds out
 */
export function unpackHead(bytes: Uint8Array<ArrayBuffer>): RunnableHead {
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
    case "forest":
      return forestIn(head, bytes.subarray(at));
    default:
      return head;
  }
}

/** The forest that stands in JSON without its numbers. */
function forestIn(
  head: HeadModel & { readonly kind: "forest" } | FlatForest,
  list: Uint8Array<ArrayBuffer>,
): FlatForest {
  if (!("sizes" in head) || forestBytes(head.sizes) !== list.length) throw damaged();
  return { ...head, numbers: list.byteOffset % FLOAT_BYTES === 0 ? list : list.slice() };
}

/**
 * Checks bytes from elsewhere.
 *
 * @throws GradcastError `head-refused` where they hold no head
 */
export function checkPacked(bytes: Uint8Array<ArrayBuffer>): PackedHead {
  let head: RunnableHead;
  try {
    head = unpackHead(bytes);
  } catch (cause) {
    throw damaged(cause);
  }
  return { bytes, sha256: hashOfHead(head.kind === "forest" ? checkForest(head) : parseHead(head)) };
}

/** Checks a forest tree by tree: all of its nodes at once would take a hundred megabytes. */
function checkForest(head: FlatForest): FlatForest {
  const { sizes, numbers: _, ...rest } = head;
  const fits = ([nodes, entries]: FlatForest["sizes"][number]) =>
    nodes >= 1 && nodes <= MAX_TREE_NODES && entries >= 0;
  if (sizes.length === 0 || sizes.length > MAX_TREES || !sizes.every(fits)) throw damaged();
  for (const tree of flatTrees(head)) {
    if (!isWhole(tree, head.classes.length)) throw damaged();
    parseHead({ ...rest, trees: [treeOf(tree, head.classes.length)] });
  }
  return head;
}

/** SHA-256 of a head as JSON, in hex; never all of the JSON is in memory. */
export function hashOfHead(head: PackableHead): string {
  const hash = createHash("sha256");
  for (const part of jsonOf(head)) hash.update(part);
  return hash.digest("hex");
}

/** What JSON.stringify() writes of a head as plain data, in parts. */
export function* jsonOf(head: PackableHead): Generator<string, void, undefined> {
  let before = "{";
  for (const [name, value] of Object.entries(head)) {
    // They stand behind the sizes of the trees.
    if (value === undefined || name === "numbers") continue;
    if (name === "sizes" && head.kind === "forest" && "numbers" in head) {
      yield* treesJson(head, before);
      before = ",";
      continue;
    }
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

/** The head's JSON as bytes, made in turns of the event loop. */
export async function jsonInTurns(head: PackableHead): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let beganMs = performance.now();
  for (const part of jsonOf(head)) {
    parts.push(new TextEncoder().encode(part));
    if (performance.now() - beganMs < TURN_MS) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    beganMs = performance.now();
  }
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function* treesJson(head: FlatForest, before: string): Generator<string, void, undefined> {
  let first = `${before}"trees":[`;
  for (const tree of flatTrees(head)) {
    yield first + JSON.stringify(treeOf(tree, head.classes.length));
    first = ",";
  }
  yield "]";
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

function jsonIn(bytes: Uint8Array<ArrayBuffer>): AnyHead {
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
