/** Values of [1, channels, height, width], and how the engine stores them. */
import type { Pair } from "../../graph/graph.ts";
import { MAX_INPUT_SIDE } from "../limits.ts";
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

/** Rows or columns that a picture may be made to have, eight times the largest input. */
const MAX_SIDE = 8 * MAX_INPUT_SIDE;

/** Refuses sides that would take memory for what no picture needs. */
export function checkSides([height, width]: Pair): void {
  if ([height, width].every((side) => side >= 1 && side <= MAX_SIDE)) return;
  refuse(`must give 1 to ${MAX_SIDE.toLocaleString("en")} rows and columns, got ${height} and ${width}`);
}

/** A value that a node stores as [height, width, channels]. */
export function pictureOf(name: string, [height, width]: Pair, channels: number): Value {
  checkSides([height, width]);
  const dims = [1, channels, height, width];
  return stored({ kind: "node", name, shape: [height, width, channels] }, dims, [2, 3, 1]);
}
