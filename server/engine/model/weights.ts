/** Weights by name, cut out of their shards. */
import { Buffer } from "node:buffer";
import type { WeightGroup } from "./topology.ts";

/** A constant of the network: row-major values with their shape. */
export interface Weight {
  readonly shape: readonly number[];
  readonly values: Float32Array<ArrayBuffer>;
}

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
    const bytes = Buffer.concat(group.paths.map(shard));
    let offset = 0;
    for (const { name, shape, dtype } of group.weights) {
      if (dtype !== "float32") {
        throw new Error(
          `Cannot load the model as weight ${name} has to be float32: current value is ${dtype}`,
        );
      }
      const count = shape.reduce((product, side) => product * side, 1);
      const end = offset + 4 * count;
      if (end > bytes.byteLength) {
        throw new Error(
          `Cannot load the model as the shards end before weight ${name} does, at byte ${end}: ` +
            `current value is ${bytes.byteLength}`,
        );
      }
      weights.set(name, { shape, values: floats(bytes, offset, count) });
      offset = end;
    }
    if (offset !== bytes.byteLength) {
      throw new Error(
        `Cannot load the model as its weights take ${offset} bytes of ${group.paths.join(", ")}: ` +
          `current value is ${bytes.byteLength}`,
      );
    }
  }
  return weights;
}

/** A manifest is little-endian, as every machine is that Deno runs on. */
function floats(bytes: Uint8Array, offset: number, count: number): Float32Array<ArrayBuffer> {
  return new Float32Array(Uint8Array.from(bytes.subarray(offset, offset + 4 * count)).buffer);
}
