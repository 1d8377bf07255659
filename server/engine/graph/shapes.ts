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
    throw new RangeError(`its input has to be [height, width, channels]: current value is [${shape ?? ""}]`);
  }
  return { height, width, channels };
}

/** Takes a shape apart that has to be `[features]`. */
export function features(shape: Shape | undefined): number {
  const [count, ...rest] = shape ?? [];
  if (count === undefined || rest.length > 0) {
    throw new RangeError(`its input has to be [features]: current value is [${shape ?? ""}]`);
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

function side(input: number, size: number, stride: number, dilation: number, padding: Padding): number {
  const output = padding === "same"
    ? Math.ceil(input / stride)
    : Math.floor((input - (size - 1) * dilation - 1) / stride) + 1;
  if (output < 1) {
    throw new RangeError(`its window of ${size} has to fit into its input: current value is ${input}`);
  }
  return output;
}

/** Fails unless two numbers that describe the same thing agree. */
export function agree(what: string, wanted: number | undefined, current: number | undefined): void {
  if (wanted !== current) throw new RangeError(`${what} has to be ${wanted}: current value is ${current}`);
}
