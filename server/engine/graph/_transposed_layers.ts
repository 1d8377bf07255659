/** Reader of Keras's transposed convolutions. */
import type { Layer } from "../model/topology.ts";
import type { Weight } from "../model/weights.ts";
import { activated, biasOf, draft, type FindWeight, weight } from "./_drafts.ts";
import { step } from "./_steps.ts";
import type { Draft, Pair } from "./graph.ts";
import { settings, TransposedSettings } from "./settings.ts";
import { turned } from "./turned.ts";

type Settings = ReturnType<typeof settings<typeof TransposedSettings>>;

/** Reads the input spread by the strides, with the zeros around it, then a convolution with the kernel turned. */
export function readTransposed(layer: Layer, find: FindWeight): readonly Draft[] {
  const written = settings(layer, TransposedSettings);
  const kernel = weight(layer, find, "kernel", 4);
  const bias = biasOf(layer, find, written.use_bias, kernel.shape[2] ?? 0);
  const rows = zerosAround(written, 0, kernel.shape[0] ?? 1);
  const columns = zerosAround(written, 1, kernel.shape[1] ?? 1);
  const { strides, dilation_rate: dilations, activation } = written;
  const [spread, padded] = [`${layer.name}:spread`, `${layer.name}:padded`];
  const attrs = { strides: [1, 1], dilations, padding: "valid", groups: 1, activation: "linear" } as const;
  return [
    step("spread", { strides }, {})({ ...layer, name: spread }),
    step("pad", { rows, columns }, {})({ ...layer, name: padded, inputs: [spread] }),
    ...activated(layer, activation, {
      ...draft("conv", layer, attrs, { kernel: swapped(turned(kernel)), bias }),
      inputs: [padded],
    }),
  ];
}

/** Zeros in front of and behind the spread input, so that the output is as long as Keras has it. */
function zerosAround(
  { strides, dilation_rate, padding, output_padding }: Settings,
  axis: 0 | 1,
  size: number,
): Pair {
  const reach = (size - 1) * dilation_rate[axis];
  const more = output_padding?.[axis];
  const cutOff = padding === "same" ? 2 * Math.floor((reach + 1) / 2) : 0;
  // Cells from the last input on.
  const tail = more !== undefined
    ? reach + 1 - cutOff + more
    : padding === "valid"
    ? Math.max(reach + 1, strides[axis])
    : strides[axis];
  const cut = padding === "valid" ? 0 : Math.floor(Math.max(0, reach + 1 - tail) / 2);
  return [reach - cut, tail - 1 + cut];
}

/** `[height, width, out, in]` as `[height, width, in, out]`. */
function swapped({ shape: [height = 1, width = 1, to = 1, from = 1], values }: Weight): Weight {
  const result = new Float32Array(values.length);
  for (let cell = 0; cell < height * width; cell++) {
    for (let o = 0; o < to; o++) {
      for (let c = 0; c < from; c++) {
        result[(cell * from + c) * to + o] = values[(cell * to + o) * from + c] as number;
      }
    }
  }
  return { shape: [height, width, from, to], values: result };
}
