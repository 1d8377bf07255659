/** Pooling over windows and over everything. */
import type { Shape } from "../graph.ts";
import type { KernelName, Value } from "../kernels.ts";
import { slide, volume } from "../shapes.ts";
import { averagePoolVjp, maxPoolVjp } from "../vjp/pooling.ts";
import type { Sliding } from "../vjp/window.ts";
import { type Call, type Operation, some } from "./operation.ts";

const maxPool: Operation<"max-pool"> = {
  shape: ({ attrs }, [input]) => [...slide(volume(input), attrs), volume(input).channels],
  forward: (call) => pool("MaxPool", call),
  reads: () => "inputs",
  vjp: ({ kernels, attrs, gradient, inputs }) => [
    maxPoolVjp(kernels, gradient, some(inputs)[0], { ...attrs, dilations: [1, 1] }),
  ],
};

const averagePool: Operation<"average-pool"> = {
  shape: ({ attrs }, [input]) => [...slide(volume(input), attrs), volume(input).channels],
  forward: (call) => pool("AvgPool", call),
  reads: () => "nothing",
  vjp: ({ kernels, attrs, gradient, shapes }) => [
    averagePoolVjp(kernels, gradient, some(shapes)[0], { ...attrs, dilations: [1, 1] }),
  ],
};

const globalAveragePool: Operation<"global-average-pool"> = {
  shape: ({ attrs }, [input]) => pooledShape(attrs.keepDims, input),
  forward: (call) => globalPool("AvgPool", call),
  reads: () => "nothing",
  vjp({ kernels, gradient, shapes }) {
    const [shape] = some(shapes);
    return [averagePoolVjp(kernels, spatial(gradient), shape, wholeWindow(shape))];
  },
};

const globalMaxPool: Operation<"global-max-pool"> = {
  shape: ({ attrs }, [input]) => pooledShape(attrs.keepDims, input),
  forward: (call) => globalPool("MaxPool", call),
  reads: () => "inputs",
  vjp({ kernels, gradient, inputs }) {
    const [input] = some(inputs);
    return [maxPoolVjp(kernels, spatial(gradient), input, wholeWindow(input.shape))];
  },
};

function pool(kernel: KernelName, { kernels, attrs, inputs }: Call<"max-pool" | "average-pool">): Value {
  return kernels.run(kernel, { x: some(inputs)[0] }, {
    filterSize: attrs.size,
    strides: attrs.strides,
    pad: attrs.padding,
  });
}

/** One window over everything: the kernel for means transposes first and takes 15 times as long. */
function globalPool(
  kernel: KernelName,
  { kernels, attrs, inputs }: Call<"global-average-pool" | "global-max-pool">,
): Value {
  const [input] = some(inputs);
  const [batch = 1, , , channels = 1] = input.shape;
  const { size: filterSize, strides, padding: pad } = wholeWindow(input.shape);
  const pooled = kernels.run(kernel, { x: input }, { filterSize, strides, pad });
  return attrs.keepDims ? pooled : { ...pooled, shape: [batch, channels] };
}

function pooledShape(keepDims: boolean, input: Shape | undefined): Shape {
  const { channels } = volume(input);
  return keepDims ? [1, 1, channels] : [channels];
}

/** A window that covers all of `[batch, height, width, channels]`. */
function wholeWindow([, height = 1, width = 1]: Shape): Sliding {
  return { size: [height, width], strides: [1, 1], dilations: [1, 1], padding: "valid" };
}

/** The same value as `[batch, 1, 1, channels]`. */
function spatial(value: Value): Value {
  return { ...value, shape: [value.shape[0] ?? 1, 1, 1, value.shape.at(-1) ?? 1] };
}

/** The family's lines of the table of operations. */
export const POOLING = {
  "max-pool": maxPool,
  "average-pool": averagePool,
  "global-average-pool": globalAveragePool,
  "global-max-pool": globalMaxPool,
} as const;
