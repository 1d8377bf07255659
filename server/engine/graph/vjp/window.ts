/** How a sliding window lies on its input, as the backward pass has to know it. */
import type { Padding, Pair, Shape } from "../graph.ts";
import { margin } from "../shapes.ts";

/** A window that slides over both axes. */
export interface Sliding {
  readonly size: Pair;
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly padding: Padding;
}

/** One axis of it. */
export interface Axis {
  readonly input: number;
  readonly output: number;
  readonly size: number;
  readonly stride: number;
  readonly dilation: number;
  /** Cells that the first window hangs over the border by. */
  readonly before: number;
}

/** The axes of a window between an input and an output, both `[batch, height, width, channels]`. */
export function axes(input: Shape, output: Shape, sliding: Sliding): readonly [Axis, Axis] {
  const axis = (index: 0 | 1): Axis => {
    const window = {
      size: sliding.size[index],
      stride: sliding.strides[index],
      dilation: sliding.dilations[index],
    };
    const [from = 1, to = 1] = [input[index + 1], output[index + 1]];
    return { ...window, input: from, output: to, before: margin(from, to, window, sliding.padding, index) };
  };
  return [axis(0), axis(1)];
}

/** Zero rows before and behind a gradient that is spread by the stride, so that a plain convolution takes it back. */
export function transposedPadding({ input, output, size, stride, dilation, before }: Axis): Pair {
  const spread = (output - 1) * stride + 1;
  return [(size - 1) * dilation - before, input - spread + before];
}
