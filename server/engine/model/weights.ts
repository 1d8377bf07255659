/** Weights by name, read out of their shards. */
import type { ModelFile } from "./files.ts";
import type { WeightGroup } from "./topology.ts";

/** A constant of the network: row-major values with their shape. */
export interface Weight {
  readonly shape: readonly number[];
  /** Where they lie at the moment; see {@link moveWeight}. */
  readonly values: Float32Array;
}

/** Lets a weight's numbers be read elsewhere from now on, and gives their own memory back at once. */
export function moveWeight(weight: Weight, values: Float32Array): void {
  const moving: { values: Float32Array } = weight;
  const { buffer } = moving.values;
  moving.values = values;
  // Left to the garbage collector, hundreds of megabytes would stay for as long as it likes.
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}

type WeightEntry = WeightGroup["weights"][number];

/** Bytes that all weights may take as float32: what the engine's memory can hold. */
const MAX_BYTES = 2 ** 31;

const FLOAT_BYTES = 4;

/**
 * Reads the weights out of the shards of their group, one after the other; nothing is kept but the numbers.
 *
 * Before memory is taken for a weight, the shards' sizes are held against what the manifest says.
 *
 * @param open opens a shard by its path in the manifest
 * @param mostBytes that the numbers may take as float32
 * @throws Error where the shards have more or fewer bytes than the weights, or where these are too many
 */
export async function readWeights(
  manifest: readonly WeightGroup[],
  open: (path: string) => Promise<ModelFile>,
  mostBytes: number = Infinity,
): Promise<ReadonlyMap<string, Weight>> {
  const weights = new Map<string, Weight>();
  checkTotal(manifest, Math.min(MAX_BYTES, mostBytes));
  for (const group of manifest) {
    using shards = await Shards.open(group, open);
    checkLength(group, shards.bytes);
    for (const entry of group.weights) {
      const bytes = new Uint8Array(countOf(entry) * bytesOf(entry));
      await shards.fill(bytes);
      weights.set(entry.name, { shape: entry.shape, values: decode(entry, bytes) });
    }
  }
  return weights;
}

/** A file may be named over and over: what counts is what the numbers take. */
function checkTotal(manifest: readonly WeightGroup[], most: number): void {
  const bytes = manifest.flatMap(({ weights }) => weights)
    .reduce((sum, entry) => sum + countOf(entry) * FLOAT_BYTES, 0);
  if (bytes <= most) return;
  throw new Error(
    `Cannot load the model: its weights take ${megabytes(bytes)} MB, and ${megabytes(most)} MB are there`,
  );
}

function checkLength({ paths, weights }: WeightGroup, length: number): void {
  let end = 0;
  for (const entry of weights) {
    end += countOf(entry) * bytesOf(entry);
    if (end > length) {
      throw new Error(
        `Cannot load the model: the shards end before weight ${entry.name} does, at byte ${end}, ` +
          `got ${length}`,
      );
    }
  }
  if (end !== length) {
    throw new Error(
      `Cannot load the model: its weights take ${end} bytes of ${paths.join(", ")}, got ${length}`,
    );
  }
}

/** How many numbers a weight has. */
export function countOf({ shape }: Pick<Weight, "shape">): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** Bytes of one number in the shards. */
function bytesOf({ name, dtype, quantization }: WeightEntry): number {
  if (dtype !== "float32" && dtype !== "int32") {
    throw new Error(`Cannot load the model: weight ${name} must be float32, got ${dtype}`);
  }
  if (quantization === undefined) return FLOAT_BYTES;
  return quantization.dtype === "uint8" ? 1 : 2;
}

/** Shards that follow each other, as one stretch of bytes. */
class Shards implements Disposable {
  readonly #files: readonly ModelFile[];
  /** The file that is read, and the bytes left of it. */
  #place = 0;
  #left: number;

  private constructor(files: readonly ModelFile[]) {
    this.#files = files;
    this.#left = files[0]?.bytes ?? 0;
  }

  static async open({ paths }: WeightGroup, open: (path: string) => Promise<ModelFile>): Promise<Shards> {
    const files: ModelFile[] = [];
    try {
      for (const path of paths) files.push(await open(path));
      return new Shards(files);
    } catch (error) {
      for (const file of files) file[Symbol.dispose]();
      throw error;
    }
  }

  get bytes(): number {
    return this.#files.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Fills a buffer with the bytes that come next; there have to be as many. */
  async fill(buffer: Uint8Array<ArrayBuffer>): Promise<void> {
    for (let at = 0; at < buffer.length;) {
      const file = this.#files[this.#place];
      if (file === undefined) throw new Error("Cannot read a weight: its shards have ended");
      const length = Math.min(this.#left, buffer.length - at);
      if (length > 0) await file.fill(buffer.subarray(at, at + length));
      at += length;
      this.#left -= length;
      if (this.#left === 0) this.#left = this.#files[++this.#place]?.bytes ?? 0;
    }
  }

  [Symbol.dispose](): void {
    for (const file of this.#files) file[Symbol.dispose]();
  }
}

/** A manifest is little-endian, as every machine is that Deno runs on. */
function decode(
  { dtype, quantization }: WeightEntry,
  { buffer }: Uint8Array<ArrayBuffer>,
): Float32Array<ArrayBuffer> {
  if (quantization === undefined) {
    return dtype === "int32" ? Float32Array.from(new Int32Array(buffer)) : new Float32Array(buffer);
  }
  if (quantization.dtype === "float16") return Float32Array.from(new Uint16Array(buffer), half);
  const { scale, min } = quantization;
  const steps = quantization.dtype === "uint8" ? new Uint8Array(buffer) : new Uint16Array(buffer);
  return Float32Array.from(steps, (step) => step * scale + min);
}

/** The number that 16 bits of IEEE 754 stand for. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function megabytes(bytes: number): string {
  return Math.ceil(bytes / 1e6).toLocaleString("en");
}
