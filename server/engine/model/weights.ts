/** Weights by name, cut out of their shards. */
import type { WeightGroup } from "./topology.ts";

/** A constant of the network: row-major values with their shape. */
export interface Weight {
  readonly shape: readonly number[];
  readonly values: Float32Array<ArrayBuffer>;
}

type Entry = WeightGroup["weights"][number];

/**
 * Cuts the weights out of the shards of their group.
 *
 * @param shard gives the bytes of a shard by its path in the manifest
 */
export function readWeights(
  manifest: readonly WeightGroup[],
  shard: (path: string) => Uint8Array,
): ReadonlyMap<string, Weight> {
  const weights = new Map<string, Weight>();
  for (const group of manifest) {
    const shards = group.paths.map(shard);
    const length = shards.reduce((sum, { byteLength }) => sum + byteLength, 0);
    let offset = 0;
    for (const entry of group.weights) {
      const count = entry.shape.reduce((product, side) => product * side, 1);
      const end = offset + count * bytesOf(entry);
      if (end > length) {
        throw new Error(
          `Cannot load the model as the shards end before weight ${entry.name} does, at byte ${end}: ` +
            `current value is ${length}`,
        );
      }
      weights.set(entry.name, { shape: entry.shape, values: decode(entry, cut(shards, offset, end)) });
      offset = end;
    }
    if (offset !== length) {
      throw new Error(
        `Cannot load the model as its weights take ${offset} bytes of ${group.paths.join(", ")}: ` +
          `current value is ${length}`,
      );
    }
  }
  return weights;
}

/** Bytes of one number in the shards. */
function bytesOf({ name, dtype, quantization }: Entry): number {
  if (dtype !== "float32" && dtype !== "int32") {
    throw new Error(`Cannot load the model as weight ${name} has to be float32: current value is ${dtype}`);
  }
  if (quantization === undefined) return 4;
  return quantization.dtype === "uint8" ? 1 : 2;
}

/** The bytes from `start` up to `end` of shards that follow each other; a copy of its own. */
function cut(shards: readonly Uint8Array[], start: number, end: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(end - start);
  let first = 0;
  for (const shard of shards) {
    const from = Math.max(start, first);
    const to = Math.min(end, first + shard.byteLength);
    if (from < to) bytes.set(shard.subarray(from - first, to - first), from - start);
    first += shard.byteLength;
  }
  return bytes;
}

/** A manifest is little-endian, as every machine is that Deno runs on. */
function decode(
  { dtype, quantization }: Entry,
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
