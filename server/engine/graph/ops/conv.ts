/** Convolutions, and their backward pass. */
import type { NativeCalls, PartCall } from "../../native/calls.ts";
import type { Pair } from "../graph.ts";
import type { KernelName, Value } from "../kernels.ts";
import { agree, kernelPadding, slide, volume } from "../shapes.ts";
import { fusedVjp, rectifierLimit } from "../vjp/activation.ts";
import { convVjp } from "../vjp/conv.ts";
import { depthwiseVjp } from "../vjp/depthwise.ts";
import { convolveGroups, groupedVjp } from "../vjp/grouped.ts";
import { axes } from "../vjp/window.ts";
import { type Call, type Operation, type Pullback, some } from "./operation.ts";

const conv: Operation<"conv"> = {
  shape({ attrs, weights }, [input]) {
    const [height, width, channels, filters] = weights.kernel.shape as [number, number, number, number];
    const from = volume(input);
    agree("its number of input channels", channels * attrs.groups, from.channels);
    if (filters % attrs.groups !== 0) {
      throw new RangeError(`its filters must share out among ${attrs.groups} groups, got ${filters}`);
    }
    return [...slide(from, { ...attrs, size: [height, width] }), filters];
  },
  forward: (call) => call.attrs.groups === 1 ? convolve("FusedConv2D", call) : inGroups(call),
  part: (call, output) => ownKernels(call).convolvePart(partCall(call, output, call.attrs.groups)),
  reads: ({ activation }) => activation === "linear" ? "nothing" : "output",
  limit: ({ activation }) => rectifierLimit(activation),
  takesGate: true,
  vjp: (call) =>
    behindActivation(call, (kernels, gradient, convolution) => {
      const { groups } = call.attrs;
      return groups === 1
        ? convVjp(kernels, gradient, convolution)
        : groupedVjp(kernels, gradient, { ...convolution, groups });
    }),
};

const depthwise: Operation<"depthwise"> = {
  shape({ attrs, weights }, [input]) {
    const [height, width, channels, multiplier] = weights.kernel.shape as [number, number, number, number];
    const from = volume(input);
    agree("its number of input channels", channels, from.channels);
    return [...slide(from, { ...attrs, size: [height, width] }), channels * multiplier];
  },
  forward: (call) => convolve("FusedDepthwiseConv2D", call),
  part: (call, output) => ownKernels(call).depthwisePart(partCall(call, output)),
  reads: ({ activation }) => activation === "linear" ? "nothing" : "output",
  limit: ({ activation }) => rectifierLimit(activation),
  takesGate: true,
  vjp: (call) => behindActivation(call, depthwiseVjp),
};

function convolve(
  kernel: KernelName,
  { kernels, attrs, weights, inputs }: Call<"conv" | "depthwise">,
): Value {
  return kernels.run(kernel, { x: some(inputs)[0], filter: weights.kernel, bias: weights.bias }, {
    strides: attrs.strides,
    pad: kernelPadding(attrs.padding),
    dataFormat: "NHWC",
    dilations: attrs.dilations,
    activation: attrs.activation,
  });
}

function inGroups({ kernels, attrs, weights, inputs }: Call<"conv">): Value {
  const [x] = some(inputs);
  const [batch = 1, ...sides] = x.shape;
  const [height = 1, width = 1, , filters = 1] = weights.kernel.shape;
  const size = [height, width] as const;
  const output = [batch, ...slide(volume(sides), { ...attrs, size }), filters];
  return convolveGroups(kernels, {
    x,
    filter: weights.kernel,
    bias: weights.bias,
    groups: attrs.groups,
    axes: axes(x.shape, output, { ...attrs, size }),
    activation: attrs.activation,
  });
}

function partCall(
  { attrs, weights, inputs }: Call<"conv" | "depthwise">,
  output: Pair,
  groups = 1,
): PartCall {
  const { strides, activation } = attrs;
  return {
    x: some(inputs)[0],
    filter: weights.kernel,
    bias: weights.bias,
    strides,
    activation,
    output,
    groups,
  };
}

function ownKernels({ kernels }: Call<"conv" | "depthwise">): NativeCalls {
  if (kernels.native === null) throw new Error("Cannot compute a part: it takes kernels of Gradcast's own");
  return kernels.native;
}

/** The backward pass through the fused activation, then through the convolution. */
function behindActivation<K extends "conv" | "depthwise">(
  call: Pullback<K>,
  convolutionVjp: typeof convVjp,
): readonly Value[] {
  const { kernels, attrs, gradient, output, shapes, rule, rectified, gate, derive } = call;
  const inner = fusedVjp(kernels, gradient, output, attrs.activation, rule, rectified);
  const result = convolutionVjp(kernels, inner, {
    inputShape: some(shapes)[0],
    kernelShape: call.weights.kernel.shape,
    ...attrs,
    gate,
    derive: (form, make) => derive("kernel", form, make),
  });
  kernels.free(inner);
  return [result];
}

/** The family's lines of the table of operations. */
export const CONVOLUTIONS = { conv, depthwise } as const;
