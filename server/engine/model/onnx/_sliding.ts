/** Windows that slide over rows and columns: their border, and the sides of what they give. */
import type { Padding, Pair } from "../../graph/graph.ts";
import { int, ints, type OnnxCall, refuse, word } from "./_call.ts";
import type { Dynamic } from "./_value.ts";

/** The window of an operation, with the border in numbers. */
export interface Window {
  readonly size: Pair;
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly rows: Pair;
  readonly columns: Pair;
  /** Rows and columns of the output. */
  readonly output: Pair;
  /** Cells that `ceil_mode` has beyond the border that is written. */
  readonly beyond: Pair;
}

export function windowOf(call: OnnxCall, x: Dynamic, size: Pair): Window {
  const strides = pair(ints(call, "strides"), "strides");
  const dilations = pair(ints(call, "dilations"), "dilations");
  const written = ints(call, "kernel_shape");
  if (size.length !== 2 || written !== null && written.some((side, i) => side !== size[i])) {
    refuse(`must have a window of two sides, got [${written ?? size}]`);
  }
  const sides = ([0, 1] as const).map((axis) =>
    along({
      input: x.dims[2 + axis] as number,
      size: size[axis],
      stride: strides[axis],
      dilation: dilations[axis],
      pads: ints(call, "pads"),
      axis,
      auto: word(call, "auto_pad", "NOTSET"),
      ceil: int(call, "ceil_mode", 0) === 1,
    })
  );
  const [rows, columns] = sides as [Along, Along];
  return {
    size,
    strides,
    dilations,
    rows: rows.pad,
    columns: columns.pad,
    output: [rows.output, columns.output],
    beyond: [rows.beyond, columns.beyond],
  };
}

interface Along {
  readonly pad: Pair;
  readonly output: number;
  readonly beyond: number;
}

interface AlongOptions {
  readonly input: number;
  readonly size: number;
  readonly stride: number;
  readonly dilation: number;
  readonly pads: readonly number[] | null;
  readonly axis: 0 | 1;
  readonly auto: string;
  readonly ceil: boolean;
}

/** Border and output along rows or columns. */
function along({ input, size, stride, dilation, pads, axis, auto, ceil }: AlongOptions): Along {
  const reach = (size - 1) * dilation + 1;
  if (auto === "SAME_UPPER" || auto === "SAME_LOWER") {
    const output = Math.ceil(input / stride);
    const missing = Math.max(0, (output - 1) * stride + reach - input);
    const less = Math.floor(missing / 2);
    const pad: Pair = auto === "SAME_UPPER" ? [less, missing - less] : [missing - less, less];
    return { pad, output, beyond: 0 };
  }
  const [before, after] = auto === "VALID" ? [0, 0] : [pads?.[axis] ?? 0, pads?.[axis + 2] ?? 0];
  if (before < 0 || after < 0) refuse(`must have pads of 0 or more, got ${pads}`);
  const room = input + before + after - reach;
  let output = (ceil ? Math.ceil(room / stride) : Math.floor(room / stride)) + 1;
  // A window that would begin behind the input is left out.
  if (ceil && (output - 1) * stride >= input + before) output--;
  if (output < 1) refuse(`must have a window that fits into its input of ${input}, got ${reach}`);
  const beyond = Math.max(0, (output - 1) * stride - room);
  return { pad: [before, after + beyond], output, beyond };
}

/** Two settings of a window, 1 where none are written. */
export function pair(written: readonly number[] | null, what: string): Pair {
  const [rows = 1, columns = 1, ...more] = written ?? [];
  if (
    more.length > 0 || ![rows, columns].every((side) => Number.isInteger(side) && side > 0 && side <= 65_536)
  ) {
    refuse(`must have two ${what} of 1 or more, got ${written}`);
  }
  return [rows, columns];
}

/** The border by its name where TensorFlow has the same numbers, which has the fastest kernels; else in numbers. */
export function paddingOf({ size, strides, dilations, rows, columns, output }: Window, x: Dynamic): Padding {
  const named = ([0, 1] as const).map((axis) => {
    const input = x.dims[2 + axis] as number;
    const [before, after] = axis === 0 ? rows : columns;
    const missing = Math.max(
      0,
      (Math.ceil(input / strides[axis]) - 1) * strides[axis] + (size[axis] - 1) * dilations[axis] + 1 - input,
    );
    const less = Math.floor(missing / 2);
    return {
      valid: before === 0 && after === 0,
      same: before === less && after === missing - less && output[axis] === Math.ceil(input / strides[axis]),
    };
  });
  if (named.every(({ valid }) => valid)) return "valid";
  if (named.every(({ same }) => same)) return "same";
  return { rows, columns };
}
