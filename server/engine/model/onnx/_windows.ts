/** Convolution and pooling: windows that slide over rows and columns. */
import type { Padding, Pair } from "../../graph/graph.ts";
import { weightOf } from "./_builder.ts";
import {
  dynamic,
  type Importer,
  input,
  int,
  ints,
  isGiven,
  known,
  knownOrNull,
  type OnnxCall,
  refuse,
  vector,
  word,
} from "./_call.ts";
import { MAX_INPUT_SIDE } from "../limits.ts";
import { gathered } from "./_moving.ts";
import { type Dynamic, stored, type Value } from "./_value.ts";

/** ONNX's sides of a picture in the order of storage: rows, columns, channels. */
export const PICTURE = [[2], [3], [1]] as const;

/** The window of an operation, with the border in numbers. */
interface Window {
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

export const conv: Importer = (call) => {
  const x = picture(call, 0);
  const weights = known(call, 1, "weights");
  const bias = knownOrNull(call, 2, "a bias");
  const [outputs = 1, inside = 1, ...kernel] = weights.dims;
  if (kernel.length !== 2) refuse(`must slide over rows and columns, got ${kernel.length} sides`);
  const channels = x.dims[1] as number;
  const groups = int(call, "group", 1);
  if (inside * groups !== channels || outputs % groups !== 0) {
    refuse(`must have ${channels} input channels in ${groups} groups, got weights of [${weights.dims}]`);
  }
  const window = windowOf(call, x, kernel as [number, number]);
  const { strides, dilations, output } = window;
  const attrs = { strides, dilations, padding: paddingOf(window, x), activation: "linear" } as const;
  const at = [call.build.node(x, PICTURE)];
  const biases = {
    shape: [outputs],
    values: bias === null ? new Float32Array(outputs) : vector(bias),
  };
  // Each channel by itself: its outputs are neighbours, as the engine has them.
  const depthwise = groups > 1 && groups === channels;
  const shape = depthwise ? [...kernel, channels, outputs / channels] : [...kernel, inside, outputs];
  const parts = { kernel: weightOf(weights, [[2], [3], [1], [0]], shape), bias: biases };
  const name = depthwise
    ? call.build.add("depthwise", at, attrs, parts)
    : call.build.add("conv", at, { ...attrs, groups }, parts);
  return [pictureOf(name, output, outputs)];
};

export const maxPool: Importer = (call) => {
  const { at, window, channels, x } = pooling(call);
  const { size, strides, output } = window;
  const name = call.build.add("max-pool", at, { size, strides, padding: paddingOf(window, x) }, {});
  return [pictureOf(name, output, channels)];
};

export const averagePool: Importer = (call) => {
  const { at, window, channels, x } = pooling(call);
  const { size, strides, output, beyond } = window;
  const countPadding = int(call, "count_include_pad", 0) === 1;
  const attrs = { size, strides, padding: paddingOf(window, x), countPadding };
  // What ceil_mode adds beyond the border is never counted.
  const partly = countPadding && beyond.some((cells) => cells > 0);
  if (!partly) return [pictureOf(call.build.add("average-pool", at, attrs, {}), output, channels)];
  const means = call.build.step("counted", "average-pool", at, attrs, {});
  const factors = call.build.constantNode({ shape: [...output, 1], values: uncounted(window, x) });
  return [pictureOf(call.build.add("multiply", [means, factors], {}, {}), output, channels)];
};

/** Factors that turn means over whole windows into means over the cells that count. */
function uncounted({ size, strides, rows, columns, output, beyond }: Window, x: Dynamic): Float32Array {
  const factor = (axis: 0 | 1, at: number) => {
    const [before, after] = axis === 0 ? rows : columns;
    const end = (x.dims[2 + axis] as number) + before + after - beyond[axis];
    return size[axis] / (Math.min(end, at * strides[axis] + size[axis]) - at * strides[axis]);
  };
  return Float32Array.from(
    { length: output[0] * output[1] },
    (_, i) => factor(0, Math.floor(i / output[1])) * factor(1, i % output[1]),
  );
}

function pooling(call: OnnxCall) {
  const x = picture(call, 0);
  const size = ints(call, "kernel_shape") ?? [];
  const window = windowOf(call, x, size as [number, number]);
  if (window.dilations.some((step) => step !== 1)) {
    refuse(`must have a window without gaps, got dilations of ${window.dilations}`);
  }
  return { x, at: [call.build.node(x, PICTURE)], window, channels: x.dims[1] as number };
}

export function globalPool(kind: "global-average-pool" | "global-max-pool"): Importer {
  return (call) => {
    const x = picture(call, 0);
    const name = call.build.add(kind, [call.build.node(x, PICTURE)], { keepDims: false }, {});
    const channels = x.dims[1] as number;
    return [stored({ kind: "node", name, shape: [channels] }, [1, channels, 1, 1])];
  };
}

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
  return refuse(`must pad rows and columns, got pads of ${written}`);
};

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

function windowOf(call: OnnxCall, x: Dynamic, size: Pair): Window {
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

function pair(written: readonly number[] | null, what: string): Pair {
  const [rows = 1, columns = 1, ...more] = written ?? [];
  if (
    more.length > 0 || ![rows, columns].every((side) => Number.isInteger(side) && side > 0 && side <= 65_536)
  ) {
    refuse(`must have two ${what} of 1 or more, got ${written}`);
  }
  return [rows, columns];
}

/** The border by its name where TensorFlow has the same numbers, which has the fastest kernels; else in numbers. */
function paddingOf({ size, strides, dilations, rows, columns, output }: Window, x: Dynamic): Padding {
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

export const resize: Importer = (call) => {
  const x = picture(call, 0);
  const output = resizedTo(call, x);
  const mode = word(call, "mode", "nearest");
  const interpolation = mode === "linear" || mode === "bilinear" ? "bilinear" : mode;
  if (interpolation !== "bilinear" && interpolation !== "nearest") {
    refuse(`must be nearest or linear, got ${mode}`);
  }
  const written = word(call, "coordinate_transformation_mode", call.opset < 11 ? "asymmetric" : "half_pixel");
  const positions = POSITIONS.get(written) ?? refuse(`must have known positions, got ${written}`);
  const at = [call.build.node(x, PICTURE)];
  const name = call.build.add("resize", at, { size: output, interpolation, positions }, {});
  return [pictureOf(name, output, x.dims[1] as number)];
};

const POSITIONS = new Map(
  [
    ["half_pixel", "half-pixel"],
    ["pytorch_half_pixel", "half-pixel"],
    ["align_corners", "align-corners"],
    ["asymmetric", "asymmetric"],
  ] as const,
) as ReadonlyMap<string, "half-pixel" | "align-corners" | "asymmetric">;

function resizedTo(call: OnnxCall, x: Dynamic): Pair {
  const scalesAt = call.opset < 11 ? 1 : 2;
  const sizes = !isGiven(call, 3) ? null : vector(known(call, 3, "sizes"));
  const scales = ints(call, "scales") ??
    (!isGiven(call, scalesAt) ? null : vector(known(call, scalesAt, "scales")));
  const floats = call.node.attributes.get("scales")?.floats;
  const by = scales !== null && scales.length > 0 ? scales : floats;
  const to = sizes !== null && sizes.length > 0
    ? [...sizes]
    : by !== undefined && by.length > 0
    ? x.dims.map((side, axis) => Math.floor(side * (by[axis] ?? 1)))
    : refuse("must have sizes or scales, got none");
  if (to.length !== 4 || to[0] !== 1 || to[1] !== x.dims[1]) {
    refuse(`must resize rows and columns, got [${to}]`);
  }
  return [to[2] as number, to[3] as number];
}
