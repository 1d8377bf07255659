/** Shape arithmetic that several operations share. */
import type { Padding, Pair, Shape } from "./graph.ts";

/** Sides of a picture-like value. */
export interface Volume {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Takes a shape apart that has to be `[height, width, channels]`. */
export function volume(shape: Shape | undefined): Volume {
  const [height, width, channels, ...rest] = shape ?? [];
  if (height === undefined || width === undefined || channels === undefined || rest.length > 0) {
    throw new RangeError(`its input must be [height, width, channels], got [${shape ?? ""}]`);
  }
  return { height, width, channels };
}

/** Sides that a sliding window leaves of `height` × `width`. */
export function slide(
  { height, width }: Volume,
  window: {
    readonly size: Pair;
    readonly strides: Pair;
    readonly padding: Padding;
    readonly dilations?: Pair;
  },
): Pair {
  const { size, strides, padding, dilations = [1, 1] } = window;
  return [
    side(
      height,
      size[0],
      strides[0],
      dilations[0],
      typeof padding === "string" ? padding : along(padding, 0),
    ),
    side(width, size[1], strides[1], dilations[1], typeof padding === "string" ? padding : along(padding, 1)),
  ];
}

/** Cells that a window hangs over the first border of rows (axis 0) or columns (1) by. */
export function margin(
  input: number,
  output: number,
  window: { readonly size: number; readonly stride: number; readonly dilation: number },
  padding: Padding,
  axis: 0 | 1,
): number {
  if (padding === "valid") return 0;
  if (padding !== "same") return along(padding, axis)[0];
  const missing = (output - 1) * window.stride + (window.size - 1) * window.dilation + 1 - input;
  return Math.floor(Math.max(0, missing) / 2);
}

/** Zeros around a batch of pictures, `[before, behind]` for each axis, as TensorFlow.js's kernels take them. */
export function zerosAround(rows: Pair, columns: Pair): readonly Pair[] {
  return [[0, 0], rows, columns, [0, 0]];
}

/** The padding of a window as TensorFlow.js's kernels take it. */
export function kernelPadding(padding: Padding): "same" | "valid" | readonly Pair[] {
  return typeof padding === "string" ? padding : zerosAround(padding.rows, padding.columns);
}

/** Shape of values that are merged cell by cell: of each axis the longer side, where the others are 1. */
export function broadcast(shapes: readonly Shape[]): Shape {
  const [first, ...rest] = shapes;
  if (first === undefined || rest.length === 0) {
    throw new RangeError(`it must have two inputs or more, got ${shapes.length}`);
  }
  return rest.reduce((merged, shape) => {
    if (shape.length === merged.length && shape.every((side, axis) => fit(side, merged[axis]))) {
      return merged.map((side, axis) => Math.max(side, shape[axis] ?? 1));
    }
    throw new RangeError(`its inputs must have one shape, [${first}], got [${shape}]`);
  }, first);
}

function fit(side: number, other: number | undefined): boolean {
  return side === other || side === 1 || other === 1;
}

/** Number of cells of a shape. */
export function size(shape: Shape): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** Cells before and behind rows (axis 0) or columns (1). */
function along({ rows, columns }: Exclude<Padding, string>, axis: 0 | 1): Pair {
  return axis === 0 ? rows : columns;
}

function side(
  input: number,
  size: number,
  stride: number,
  dilation: number,
  padding: "same" | "valid" | Pair,
): number {
  const [before, behind] = typeof padding === "string" ? [0, 0] : padding;
  const output = padding === "same"
    ? Math.ceil(input / stride)
    : Math.floor((input + before + behind - (size - 1) * dilation - 1) / stride) + 1;
  if (output < 1) {
    throw new RangeError(`its window of ${size} must fit into its input, got ${input}`);
  }
  return output;
}

/** Fails unless two numbers that describe the same thing agree. */
export function agree(what: string, wanted: number | undefined, current: number | undefined): void {
  if (wanted !== current) throw new RangeError(`${what} must be ${wanted}, got ${current}`);
}
