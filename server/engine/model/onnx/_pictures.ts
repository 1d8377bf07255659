/** Values of [1, channels, height, width], and how the engine stores them. */
import type { Pair } from "../../graph/graph.ts";
import { dynamic, input, type OnnxCall, refuse } from "./_call.ts";
import { type Dynamic, stored, type Value } from "./_value.ts";

/** ONNX's sides of a picture in the order of storage: rows, columns, channels. */
export const PICTURE = [[2], [3], [1]] as const;

/** A value of [1, channels, height, width]. */
export function picture(call: OnnxCall, at: number): Dynamic {
  const { dims } = input(call, at);
  if (dims.length !== 4 || dims[0] !== 1) {
    refuse(`must read pictures, [1, channels, height, width], got [${dims}]`);
  }
  return dynamic(call, at);
}

/** A value that a node stores as [height, width, channels]. */
export function pictureOf(name: string, [height, width]: Pair, channels: number): Value {
  const dims = [1, channels, height, width];
  return stored({ kind: "node", name, shape: [height, width, channels] }, dims, [2, 3, 1]);
}
