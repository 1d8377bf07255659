/** Convolution and pooling: windows that slide over rows and columns. */
import type { Pair } from "../../graph/graph.ts";
import { weightOf } from "./_builder.ts";
import {
  dynamic,
  type Importer,
  input,
  int,
  ints,
  known,
  knownOrNull,
  type OnnxCall,
  refuse,
  vector,
  word,
} from "./_call.ts";
import { MAX_INPUT_SIDE } from "../limits.ts";
import { multiplied } from "./_matrices.ts";
import { PICTURE, picture, pictureOf } from "./_pictures.ts";
import { paddingOf, type Window, windowOf } from "./_sliding.ts";
import { constant, type Dynamic, stored, type Value } from "./_value.ts";

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
  const padding = paddingOf(window, x);
  const name = call.build.add("max-pool", at, { size, strides, padding, ...gapsOf(window) }, {});
  return [pictureOf(name, output, channels)];
};

export const averagePool: Importer = (call) => {
  if (input(call, 0).dims.length > 4) return [meansAlong(call)];
  const { at, window, channels, x } = pooling(call);
  const { size, strides, output, beyond } = window;
  const countPadding = int(call, "count_include_pad", 0) === 1;
  const attrs = { size, strides, padding: paddingOf(window, x), countPadding, ...gapsOf(window) };
  // What ceil_mode adds beyond the border is never counted.
  const partly = countPadding && beyond.some((cells) => cells > 0);
  if (!partly) return [pictureOf(call.build.add("average-pool", at, attrs, {}), output, channels)];
  const means = call.build.step("counted", "average-pool", at, attrs, {});
  const factors = call.build.constantNode({ shape: [...output, 1], values: uncounted(window, x) });
  return [pictureOf(call.build.add("multiply", [means, factors], {}, {}), output, channels)];
};

/**
 * Means along one side of a value that is no picture, without a border: a product with a band of shares. PyTorch's present
 * exporter writes local response normalisation so.
 */
function meansAlong(call: OnnxCall): Value {
  const x = dynamic(call, 0);
  const size = ints(call, "kernel_shape") ?? [];
  const [at, ...more] = size.flatMap((side, i) => side > 1 ? [i] : []);
  const plain = (name: string, value: number) => (ints(call, name) ?? []).every((each) => each === value);
  const fits = at !== undefined && more.length === 0 && plain("pads", 0) && plain("strides", 1) &&
    plain("dilations", 1) && word(call, "auto_pad", "NOTSET") !== "SAME_UPPER";
  if (!fits) refuse(`must slide over rows and columns, or over one side without a border, got [${size}]`);
  const [axis, count] = [at + 2, size[at] as number];
  const from = x.dims[axis] as number;
  const to = from - count + 1;
  if (to < 1 || from > MAX_INPUT_SIDE) {
    refuse(`must have a window that fits into its side of ${from}, got ${count}`);
  }
  const band = new Float32Array(from * to);
  for (let end = 0; end < to; end++) {
    for (let i = 0; i < count; i++) band[(end + i) * to + end] = 1 / count;
  }
  return multiplied(call, x, axis, constant({ dims: [from, to], kind: "float", values: band }));
}

/** Factors that turn means over whole windows into means over the cells that count. */
function uncounted(
  { size, strides, dilations, rows, columns, output, beyond }: Window,
  x: Dynamic,
): Float32Array {
  const factor = (axis: 0 | 1, at: number) => {
    const [before, after] = axis === 0 ? rows : columns;
    const end = (x.dims[2 + axis] as number) + before + after - beyond[axis];
    const counted = Math.ceil((end - at * strides[axis]) / dilations[axis]);
    return size[axis] / Math.min(size[axis], counted);
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
  return { x, at: [call.build.node(x, PICTURE)], window, channels: x.dims[1] as number };
}

/** Steps between the cells of a window that has gaps. */
function gapsOf({ dilations }: Window): { readonly dilations?: Pair } {
  return dilations.some((step) => step !== 1) ? { dilations } : {};
}

export function globalPool(kind: "global-average-pool" | "global-max-pool"): Importer {
  return (call) => {
    const x = picture(call, 0);
    const name = call.build.add(kind, [call.build.node(x, PICTURE)], { keepDims: false }, {});
    const channels = x.dims[1] as number;
    return [stored({ kind: "node", name, shape: [channels] }, [1, channels, 1, 1])];
  };
}
