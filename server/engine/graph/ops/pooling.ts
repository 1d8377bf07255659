/** Pooling over windows and over everything. */
import type { Operations, Pair, Shape } from "../graph.ts";
import type { KernelName, Value } from "../kernels.ts";
import { kernelPadding, slide, volume } from "../shapes.ts";
import { averagePoolVjp, maxPoolVjp, poolWithGaps, spanOf } from "../vjp/pooling.ts";
import { axes, type Sliding } from "../vjp/window.ts";
import { type Call, type Operation, some } from "./operation.ts";

const maxPool: Operation<"max-pool"> = {
  shape: ({ attrs }, [input]) => windowsOver(attrs, input),
  forward: (call) => hasGaps(call.attrs) ? pooledWithGaps(call, "max") : pool("MaxPool", call),
  reads: () => "inputs",
  vjp: ({ kernels, attrs, gradient, inputs }) => [
    maxPoolVjp(kernels, gradient, some(inputs)[0], slidingOf(attrs)),
  ],
};

const averagePool: Operation<"average-pool"> = {
  shape: ({ attrs }, [input]) => windowsOver(attrs, input),
  forward(call) {
    const pooled = hasGaps(call.attrs) ? pooledWithGaps(call, "mean") : pool("AvgPool", call);
    if (call.attrs.countPadding) shareOut(call, pooled);
    return pooled;
  },
  reads: () => "nothing",
  vjp: ({ kernels, attrs, gradient, shapes }) => [
    averagePoolVjp(kernels, gradient, some(shapes)[0], slidingOf(attrs), attrs.countPadding),
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

/** Sides of a pooled value; a window that lies beyond the border altogether would have nothing to pool. */
function windowsOver(attrs: Operations["max-pool"]["attrs"], input: Shape | undefined): Shape {
  const { size, padding } = attrs;
  if (typeof padding !== "string") {
    for (const [axis, cells] of [padding.rows, padding.columns].entries()) {
      const reach = ((size[axis] ?? 0) - 1) * (attrs.dilations?.[axis] ?? 1) + 1;
      if (cells.every((count) => count >= 0 && count < reach)) continue;
      throw new RangeError(`its padding must be smaller than its window of ${size.join("×")}, got ${cells}`);
    }
  }
  const { channels, ...sides } = volume(input);
  const output = [...slide({ ...sides, channels }, attrs), channels];
  for (const axis of axes([1, sides.height, sides.width], [1, ...output], slidingOf(attrs))) {
    const empty = Array.from({ length: axis.output }, (_, place) => spanOf(axis, place).count).indexOf(0);
    if (empty !== -1) {
      throw new RangeError(`its windows must lie on its input, got one beside it at ${empty}`);
    }
  }
  return output;
}

function slidingOf({ size, strides, dilations = [1, 1], padding }: Operations["max-pool"]["attrs"]): Sliding {
  return { size, strides, dilations, padding };
}

function hasGaps({ dilations = [1, 1] }: { readonly dilations?: Pair }): boolean {
  return dilations.some((step) => step !== 1);
}

function pooledWithGaps(
  { kernels, attrs, inputs }: Call<"max-pool" | "average-pool">,
  of: "max" | "mean",
): Value {
  const [x] = some(inputs);
  const [batch = 1, ...sides] = x.shape;
  const output = [batch, ...slide(volume(sides), attrs), sides[2] ?? 1];
  return poolWithGaps(kernels, x, output, slidingOf(attrs), of);
}

/** Turns means over the cells inside the border into means over all cells of the windows, in place. */
function shareOut({ kernels, attrs, inputs }: Call<"average-pool">, pooled: Value): void {
  const window = axes(some(inputs)[0].shape, pooled.shape, slidingOf(attrs));
  const shares = window.map((axis) =>
    Array.from({ length: axis.output }, (_, place) => spanOf(axis, place).count / axis.size)
  );
  const [down = [], across = []] = shares;
  const [batch = 1, , , channels = 1] = pooled.shape;
  const values = kernels.view(pooled);
  let at = 0;
  for (let b = 0; b < batch; b++) {
    for (const row of down) {
      for (const column of across) {
        const share = row * column;
        for (const end = at + channels; at < end; at++) values[at] = (values[at] as number) * share;
      }
    }
  }
}

function pool(kernel: KernelName, { kernels, attrs, inputs }: Call<"max-pool" | "average-pool">): Value {
  return kernels.run(kernel, { x: some(inputs)[0] }, {
    filterSize: attrs.size,
    strides: attrs.strides,
    pad: kernelPadding(attrs.padding),
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
