/** Padding: borders of zeros, or of what lies beside them. */
import type { Pair } from "../../graph/graph.ts";
import { MAX_INPUT_SIDE } from "../limits.ts";
import {
  dynamic,
  type Importer,
  ints,
  isGiven,
  known,
  type OnnxCall,
  refuse,
  vector,
  word,
} from "./_call.ts";
import { concatenated } from "./_joining.ts";
import { PICTURE, pictureOf } from "./_pictures.ts";
import { gathered } from "./_slicing.ts";
import { constant, type Dynamic, product, type Value } from "./_value.ts";

export const pad: Importer = (call) => {
  const x = dynamic(call, 0);
  const rank = x.dims.length;
  const written = padsOf(call, rank);
  const mode = word(call, "mode", "constant");
  const sides = x.dims.flatMap((_, axis) => {
    const [before, after] = [written[axis] ?? 0, written[axis + rank] ?? 0];
    return before === 0 && after === 0 ? [] : [{ axis, before, after }];
  });
  if (sides.length === 0) return [x];
  if (mode !== "constant") {
    return [sides.reduce((value: Dynamic, side) => {
      return gathered(call, value, side.axis, mirrored(mode, value.dims[side.axis] as number, side));
    }, x)];
  }
  const [value = 0] = padValue(call);
  if (value !== 0) refuse(`must fill with 0, got ${value}`);
  if (rank === 4 && sides.every(({ axis }) => axis >= 2)) {
    const pair = (axis: number): Pair => [written[axis] ?? 0, written[axis + rank] ?? 0];
    const name = call.build.add(
      "pad",
      [call.build.node(x, PICTURE)],
      { rows: pair(2), columns: pair(3) },
      {},
    );
    const [rows, columns] = [pair(2), pair(3)];
    const output: Pair = [
      (x.dims[2] as number) + rows[0] + rows[1],
      (x.dims[3] as number) + columns[0] + columns[1],
    ];
    if (output.some((side) => side < 1)) refuse(`must leave something of its input, got pads of ${written}`);
    return [pictureOf(name, output, x.dims[1] as number)];
  }
  return [sides.reduce((value: Value, side) => withZeros(call, value, side), x)];
};

/** A side with zeros in front and behind that are joined to it. */
function withZeros(
  call: OnnxCall,
  value: Value,
  { axis, before, after }: { readonly axis: number; readonly before: number; readonly after: number },
): Value {
  if (before < 0 || after < 0 || Math.max(before, after) >= MAX_INPUT_SIDE) {
    refuse(`must pad by 0 to ${MAX_INPUT_SIDE} cells, got ${before} and ${after}`);
  }
  const zeros = (count: number): readonly Value[] => {
    if (count === 0) return [];
    const dims = value.dims.with(axis, count);
    if (product(dims) > MAX_ZEROS) refuse(`must pad with fewer numbers, got [${dims}]`);
    return [constant({ dims, kind: "float", values: new Float32Array(product(dims)) })];
  };
  return concatenated(call, [...zeros(before), value, ...zeros(after)], axis);
}

const MAX_ZEROS = 2 ** 22;

/** Places of a side that a border repeats: its last cell, or those next to it. */
function mirrored(
  mode: string,
  side: number,
  { before, after }: { before: number; after: number },
): readonly number[] {
  if (before < 0 || after < 0 || Math.max(before, after) >= MAX_INPUT_SIDE) {
    refuse(`must pad by 0 to ${MAX_INPUT_SIDE} cells, got ${before} and ${after}`);
  }
  return Array.from({ length: before + side + after }, (_, i) => {
    const at = i - before;
    switch (mode) {
      case "edge":
        return Math.min(side - 1, Math.max(0, at));
      case "reflect": {
        const period = Math.max(1, 2 * (side - 1));
        const folded = ((at % period) + period) % period;
        return Math.min(folded, period - folded);
      }
      case "wrap":
        return ((at % side) + side) % side;
      default:
        return refuse(`must be one of constant, edge, reflect and wrap, got ${mode}`);
    }
  });
}

function padsOf(call: OnnxCall, rank: number): readonly number[] {
  const pads = ints(call, "pads") ?? [...vector(known(call, 1, "pads"))];
  if (!isGiven(call, 3)) return pads;
  const axes = [...vector(known(call, 3, "axes"))].map((axis) => axis < 0 ? axis + rank : axis);
  const all = new Array<number>(2 * rank).fill(0);
  axes.forEach((axis, i) => {
    all[axis] = pads[i] ?? 0;
    all[axis + rank] = pads[i + axes.length] ?? 0;
  });
  return all;
}

function padValue(call: OnnxCall): readonly number[] {
  if (isGiven(call, 2)) return [...vector(known(call, 2, "a value to fill with"))];
  return [call.node.attributes.get("value")?.f ?? 0];
}
