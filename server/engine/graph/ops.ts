/** The table of operations: how each one shapes its output and how it is computed. */
import type { ActivationName, Kind, Node, Operations, Shape } from "./graph.ts";
import type { KernelName, Kernels, Value } from "./kernels.ts";
import { agree, features, slide, volume } from "./shapes.ts";

/** A node's constants in the WebAssembly memory. */
export type Uploaded<K extends Kind> = { readonly [W in keyof Operations[K]["weights"]]: Value };

/** All that an operation works on. */
export interface Call<K extends Kind> {
  readonly kernels: Kernels;
  readonly attrs: Operations[K]["attrs"];
  readonly weights: Uploaded<K>;
  /** Values of the nodes that feed it, batch in front. */
  readonly inputs: readonly Value[];
}

/** One line of the table. */
export interface Operation<K extends Kind> {
  /** Infers the output's shape; a RangeError says in half a sentence what does not fit. */
  shape(node: Pick<Node<K>, "attrs" | "weights">, inputs: readonly Shape[]): Shape;
  /** Computes the output, which the caller frees; inputs and constants stay. */
  forward(call: Call<K>): Value;
}

const ACTIVATION_KERNELS: Readonly<Record<ActivationName, KernelName>> = {
  relu: "Relu",
  relu6: "Relu6",
  elu: "Elu",
  sigmoid: "Sigmoid",
  tanh: "Tanh",
};

/** The table of operations. */
export const OPERATIONS: { readonly [K in Kind]: Operation<K> } = {
  input: {
    shape: ({ attrs }) => attrs.shape,
    forward() {
      throw new Error("Cannot compute an input as it is given");
    },
  },
  conv: {
    shape({ attrs, weights }, [input]) {
      const [height, width, channels, filters] = weights.kernel.shape as [number, number, number, number];
      const from = volume(input);
      agree("its number of input channels", channels, from.channels);
      return [...slide(from, { ...attrs, size: [height, width] }), filters];
    },
    forward: (call) => convolve("FusedConv2D", call),
  },
  depthwise: {
    shape({ attrs, weights }, [input]) {
      const [height, width, channels, multiplier] = weights.kernel.shape as [number, number, number, number];
      const from = volume(input);
      agree("its number of input channels", channels, from.channels);
      return [...slide(from, { ...attrs, size: [height, width] }), channels * multiplier];
    },
    forward: (call) => convolve("FusedDepthwiseConv2D", call),
  },
  dense: {
    shape({ weights }, [input]) {
      const [from, units] = weights.kernel.shape as [number, number];
      agree("its number of input features", from, features(input));
      return [units];
    },
    forward({ kernels, attrs, weights, inputs }) {
      const [input] = some(inputs);
      // The kernel multiplies stacks of matrices: here one of each.
      const a = { ...input, shape: [1, ...input.shape] };
      const b = { ...weights.kernel, shape: [1, ...weights.kernel.shape] };
      const output = kernels.run("_FusedMatMul", { a, b, bias: weights.bias }, {
        transposeA: false,
        transposeB: false,
        activation: attrs.activation,
      });
      return { ...output, shape: output.shape.slice(1) };
    },
  },
  affine: {
    shape({ attrs, weights }, [input = []]) {
      if (attrs.axis !== -1) agree("its axis", input.length, attrs.axis);
      agree("its number of channels", weights.scale.shape[0], input.at(-1));
      return input;
    },
    forward({ kernels, weights, inputs }) {
      const [x] = some(inputs);
      const scaled = kernels.run("Multiply", { a: x, b: weights.scale }, {});
      const shifted = kernels.run("Add", { a: scaled, b: weights.shift }, {});
      kernels.free(scaled);
      return shifted;
    },
  },
  activation: {
    shape: (_node, [input]) => input ?? [],
    forward: ({ kernels, attrs, inputs }) =>
      kernels.run(ACTIVATION_KERNELS[attrs.function], { x: some(inputs)[0] }, {}),
  },
  softmax: {
    shape: (_node, [input]) => [features(input)],
    forward: ({ kernels, inputs }) => kernels.run("Softmax", { logits: some(inputs)[0] }, { dim: 1 }),
  },
  add: {
    shape(_node, inputs) {
      const [first, ...rest] = inputs;
      if (first === undefined || rest.length === 0) {
        throw new RangeError(`it has to have two inputs or more: current value is ${inputs.length}`);
      }
      for (const shape of rest) {
        if (shape.length === first.length && shape.every((side, axis) => side === first[axis])) continue;
        throw new RangeError(`its inputs have to have one shape, [${first}]: current value is [${shape}]`);
      }
      return first;
    },
    forward({ kernels, inputs }) {
      const [first, ...rest] = some(inputs);
      let sum = first;
      for (const b of rest) {
        const next = kernels.run("Add", { a: sum, b }, {});
        if (sum !== first) kernels.free(sum);
        sum = next;
      }
      return sum;
    },
  },
  pad: {
    shape({ attrs: { rows, columns } }, [input]) {
      const { height, width, channels } = volume(input);
      return [height + rows[0] + rows[1], width + columns[0] + columns[1], channels];
    },
    forward: ({ kernels, attrs: { rows, columns }, inputs }) =>
      kernels.run("PadV2", { x: some(inputs)[0] }, {
        paddings: [[0, 0], rows, columns, [0, 0]],
        constantValue: 0,
      }),
  },
  "max-pool": {
    shape: ({ attrs }, [input]) => [...slide(volume(input), attrs), volume(input).channels],
    forward: (call) => pool("MaxPool", call),
  },
  "average-pool": {
    shape: ({ attrs }, [input]) => [...slide(volume(input), attrs), volume(input).channels],
    forward: (call) => pool("AvgPool", call),
  },
  "global-average-pool": {
    shape({ attrs }, [input]) {
      const { channels } = volume(input);
      return attrs.keepDims ? [1, 1, channels] : [channels];
    },
    forward({ kernels, attrs, inputs }) {
      const [input] = some(inputs);
      const [batch = 1, height = 1, width = 1, channels = 1] = input.shape;
      // One window over everything: the kernel for means transposes first and takes 15 times as long.
      const pooled = kernels.run("AvgPool", { x: input }, {
        filterSize: [height, width],
        strides: [1, 1],
        pad: "valid",
      });
      return attrs.keepDims ? pooled : { ...pooled, shape: [batch, channels] };
    },
  },
  flatten: {
    shape: (_node, [input]) => [(input ?? []).reduce((product, side) => product * side, 1)],
    forward({ kernels, inputs }) {
      const [input] = some(inputs);
      const [batch = 1, ...sides] = input.shape;
      return kernels.reshape(input, [batch, sides.reduce((product, side) => product * side, 1)]);
    },
  },
  identity: {
    shape: (_node, [input]) => input ?? [],
    forward: ({ kernels, inputs }) => kernels.reshape(some(inputs)[0], some(inputs)[0].shape),
  },
};

/** Infers the shape of a node of any kind. */
export function shapeOf<K extends Kind>(
  node: Pick<Node<K>, "kind" | "attrs" | "weights">,
  inputs: readonly Shape[],
): Shape {
  return OPERATIONS[node.kind].shape(node, inputs);
}

function convolve(
  kernel: KernelName,
  { kernels, attrs, weights, inputs }: Call<"conv" | "depthwise">,
): Value {
  return kernels.run(kernel, { x: some(inputs)[0], filter: weights.kernel, bias: weights.bias }, {
    strides: attrs.strides,
    pad: attrs.padding,
    dataFormat: "NHWC",
    dilations: attrs.dilations,
    activation: attrs.activation,
  });
}

function pool(kernel: KernelName, { kernels, attrs, inputs }: Call<"max-pool" | "average-pool">): Value {
  return kernels.run(kernel, { x: some(inputs)[0] }, {
    filterSize: attrs.size,
    strides: attrs.strides,
    pad: attrs.padding,
  });
}

/** The shape rules have seen to it that every operation has its inputs. */
function some(inputs: readonly Value[]): readonly [Value, ...Value[]] {
  return inputs as readonly [Value, ...Value[]];
}
