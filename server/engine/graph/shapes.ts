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

/** Takes a shape apart that has to be `[features]`. */
export function features(shape: Shape | undefined): number {
  const [count, ...rest] = shape ?? [];
  if (count === undefined || rest.length > 0) {
    throw new RangeError(`its input must be [features], got [${shape ?? ""}]`);
  }
  return count;
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
    side(height, size[0], strides[0], dilations[0], padding),
    side(width, size[1], strides[1], dilations[1], padding),
  ];
}

/** Cells that a window hangs over the first border by. */
export function margin(
  input: number,
  output: number,
  window: { readonly size: number; readonly stride: number; readonly dilation: number },
  padding: Padding,
): number {
  if (padding === "valid") return 0;
  const missing = (output - 1) * window.stride + (window.size - 1) * window.dilation + 1 - input;
  return Math.floor(Math.max(0, missing) / 2);
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

function side(input: number, size: number, stride: number, dilation: number, padding: Padding): number {
  const output = padding === "same"
    ? Math.ceil(input / stride)
    : Math.floor((input - (size - 1) * dilation - 1) / stride) + 1;
  if (output < 1) {
    throw new RangeError(`its window of ${size} must fit into its input, got ${input}`);
  }
  return output;
}

/** Fails unless two numbers that describe the same thing agree. */
export function agree(what: string, wanted: number | undefined, current: number | undefined): void {
  if (wanted !== current) throw new RangeError(`${what} must be ${wanted}, got ${current}`);
}
