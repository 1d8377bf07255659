/** Steps of CNN Fixations through operations that slide a window over picture-like values. */
import type { Kind, Node, Pair, Shape } from "../../graph/graph.ts";
import { margin } from "../../graph/shapes.ts";

/** The channel that contributes most over the window, in the window's centre. */
export function throughConv(node: Node<"conv">, index: number, values: Float32Array, from: Shape): number {
  const [height = 1, width = 1, channels = 1] = from;
  const { kernel } = node.weights;
  const [rows = 1, columns = 1, seen = 1, filters = 1] = kernel.shape;
  const window = windowOf(node, from, { ...node.attrs, size: [rows, columns] });
  const { row, column, channel: filter } = split(index, node.shape);
  const first = Math.floor(filter / (filters / node.attrs.groups)) * seen;
  const sums = new Float64Array(seen);
  for (const { cell, tap } of taps(window, row, column, from)) {
    for (let channel = 0; channel < seen; channel++) {
      const weight = kernel.values[(tap * seen + channel) * filters + filter] as number;
      sums[channel] = (sums[channel] as number) +
        weight * (values[cell * channels + first + channel] as number);
    }
  }
  const best = sums.reduce((best, sum, channel) => sum > (sums[best] as number) ? channel : best, 0);
  const middle = (axis: 0 | 1) => Math.floor((window.size[axis] - 1) / 2) * window.dilations[axis];
  const y = clamp(row * window.strides[0] - window.margins[0] + middle(0), height);
  const x = clamp(column * window.strides[1] - window.margins[1] + middle(1), width);
  return (y * width + x) * channels + first + best;
}

/** The cell that contributes most, in the filter's own channel. */
export function throughDepthwise(
  node: Node<"depthwise">,
  index: number,
  values: Float32Array,
  from: Shape,
): number {
  const { kernel } = node.weights;
  const [rows = 1, columns = 1, channels = 1, multiplier = 1] = kernel.shape;
  const { row, column, channel: filter } = split(index, node.shape);
  const channel = Math.floor(filter / multiplier);
  const window = windowOf(node, from, { ...node.attrs, size: [rows, columns] });
  let best = -Infinity;
  let place = 0;
  for (const { cell, tap } of taps(window, row, column, from)) {
    // A kernel [taps, channels, multiplier] is flattened as [taps, filters].
    const weight = kernel.values[tap * channels * multiplier + filter] as number;
    const contribution = weight * (values[cell * channels + channel] as number);
    if (contribution <= best) continue;
    best = contribution;
    place = cell * channels + channel;
  }
  return place;
}

/** The window's largest value in the same channel. */
export function throughPool(
  node: Node<"max-pool" | "average-pool">,
  index: number,
  values: Float32Array,
  from: Shape,
): number {
  const { row, column, channel } = split(index, node.shape);
  const cells = taps(windowOf(node, from, node.attrs), row, column, from).map(({ cell }) => cell);
  return largest(cells, values, from, channel);
}

/** The largest value of the whole channel. */
export function throughGlobalPool(channel: number, values: Float32Array, from: Shape): number {
  const [height = 1, width = 1] = from;
  return largest(new Array(height * width).keys(), values, from, channel);
}

/** A sliding window with what it hangs over the borders by. */
interface Window {
  readonly size: Pair;
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly margins: Pair;
}

function windowOf(
  node: Node<Extract<Kind, "conv" | "depthwise" | "max-pool" | "average-pool">>,
  from: Shape,
  { size, dilations = [1, 1] }: { readonly size: Pair; readonly dilations?: Pair },
): Window {
  const { strides, padding } = node.attrs;
  const over = (axis: 0 | 1) =>
    margin(
      from[axis] ?? 1,
      node.shape[axis] ?? 1,
      { size: size[axis], stride: strides[axis], dilation: dilations[axis] },
      padding,
      axis,
    );
  return { size, strides, dilations, margins: [over(0), over(1)] };
}

/** Cells of the input under a window that lie inside it, with their place in the window. */
function* taps({ size, strides, dilations, margins }: Window, row: number, column: number, from: Shape) {
  const [height = 1, width = 1] = from;
  for (let i = 0; i < size[0]; i++) {
    const y = row * strides[0] + i * dilations[0] - margins[0];
    if (y < 0 || y >= height) continue;
    for (let j = 0; j < size[1]; j++) {
      const x = column * strides[1] + j * dilations[1] - margins[1];
      if (x >= 0 && x < width) yield { cell: y * width + x, tap: i * size[1] + j };
    }
  }
}

/** The place of a channel's largest value among some cells; of equal ones the first. */
function largest(cells: Iterable<number>, values: Float32Array, from: Shape, channel: number): number {
  const channels = from[2] ?? 1;
  let best = -Infinity;
  let place = channel;
  for (const cell of cells) {
    const value = values[cell * channels + channel] as number;
    if (value <= best) continue;
    best = value;
    place = cell * channels + channel;
  }
  return place;
}

/** The sides' places of a flattened place. */
export function split(index: number, [, width = 1, channels = 1]: Shape) {
  const cell = Math.floor(index / channels);
  return { row: Math.floor(cell / width), column: cell % width, channel: index % channels };
}

/** The nearest place from 0 up to but not including `count`. */
export function clamp(place: number, count: number): number {
  return Math.min(count - 1, Math.max(0, place));
}
