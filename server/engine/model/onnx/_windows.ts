/** Convolution and pooling: windows that slide over rows and columns. */
import { weightOf } from "./_builder.ts";
import { type Importer, int, ints, known, knownOrNull, type OnnxCall, refuse, vector } from "./_call.ts";
import { PICTURE, picture, pictureOf } from "./_pictures.ts";
import { paddingOf, type Window, windowOf } from "./_sliding.ts";
import { type Dynamic, stored } from "./_value.ts";

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
