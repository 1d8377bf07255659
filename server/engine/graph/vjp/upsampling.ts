/** The gradient at the input of an enlargement or a resizing. */
import type { Operations, Shape } from "../graph.ts";
import type { Kernels, Value } from "../kernels.ts";

type Resizing = Operations["resize"]["attrs"];

/** The two inputs that an output cell along one axis is mixed of. */
export interface Mix {
  readonly low: number;
  readonly high: number;
  /** Share of `high`, 0…1. */
  readonly share: number;
}

/** Mixes of the rows, and of the columns. */
export type Mixes = readonly [readonly Mix[], readonly Mix[]];

/** What an enlargement of `[batch, height, width, channels]` is mixed of. */
export function upsampleMixes(
  [, height = 1, width = 1]: Shape,
  { factors, interpolation }: Operations["upsample"]["attrs"],
): Mixes {
  // Whole factors: half a cell further, the nearest one is the same as counted from the first cells.
  const positions = interpolation === "bilinear" ? "half-pixel" : "asymmetric";
  const size = [height * factors[0], width * factors[1]] as const;
  return resizeMixes([1, height, width], { size, interpolation, positions });
}

/** What a resized `[batch, height, width, channels]` is mixed of. */
export function resizeMixes([, height = 1, width = 1]: Shape, { size, ...how }: Resizing): Mixes {
  return [mixes(height, size[0], how), mixes(width, size[1], how)];
}

/** Where the centre of an output cell lies along an axis, in the input's cells; it may be beyond the outermost ones. */
export function sourceOf(
  place: number,
  cells: number,
  count: number,
  positions: Resizing["positions"],
): number {
  switch (positions) {
    case "half-pixel":
      return (place + 0.5) * cells / count - 0.5;
    case "align-corners":
      return count > 1 ? place * (cells - 1) / (count - 1) : 0;
    case "asymmetric":
      return place * cells / count;
    default:
      throw new Error(`Cannot resize: the positions ${positions satisfies never} are unknown`);
  }
}

/**
 * Gives each output cell's gradient to the inputs that it was mixed of.
 *
 * @param gradient `[batch, rows, columns, channels]`; stays the caller's
 * @param shape the input's, `[batch, height, width, channels]`
 * @returns in the input's shape, the caller's to free
 */
export function mixesVjp(kernels: Kernels, gradient: Value, shape: Shape, parts: Mixes): Value {
  const [, , , channels = 1] = shape;
  const result = kernels.allocate(shape);
  const from = kernels.view(gradient);
  const to = kernels.view(result).fill(0);
  eachPart(
    shape,
    parts,
    (input, output, share) => addTimes(to, input, from, output, share, channels),
  );
  return result;
}

/**
 * Mixes each output cell of its inputs.
 *
 * @param input `[batch, height, width, channels]`; stays the caller's
 * @returns `[batch, rows, columns, channels]`, the caller's to free
 */
export function mixed(kernels: Kernels, input: Value, [rows, columns]: Mixes): Value {
  const [batch = 1, , , channels = 1] = input.shape;
  const result = kernels.allocate([batch, rows.length, columns.length, channels]);
  const from = kernels.view(input);
  const to = kernels.view(result).fill(0);
  eachPart(input.shape, [rows, columns], (source, output, share) => {
    addTimes(to, output, from, source, share, channels);
  });
  return result;
}

/**
 * Visits each input cell that an output cell is mixed of, with its share; zeros are left out.
 *
 * @param shape the input's, `[batch, height, width, channels]`
 * @param visit receives where the channels of both cells begin
 */
function eachPart(
  [batch = 1, height = 1, width = 1, channels = 1]: Shape,
  [rows, columns]: Mixes,
  visit: (input: number, output: number, share: number) => void,
): void {
  let output = 0;
  for (let b = 0; b < batch; b++) {
    for (const row of rows) {
      for (const column of columns) {
        for (const [y, down] of ends(row)) {
          for (const [x, across] of ends(column)) {
            const share = down * across;
            if (share !== 0) visit(((b * height + y) * width + x) * channels, output, share);
          }
        }
        output += channels;
      }
    }
  }
}

/** Adds `share` times a cell's channels to those of another cell. */
function addTimes(
  to: Float32Array,
  target: number,
  from: Float32Array,
  source: number,
  share: number,
  channels: number,
): void {
  for (let c = 0; c < channels; c++) {
    to[target + c] = (to[target + c] as number) + share * (from[source + c] as number);
  }
}

/** Both inputs of a mix with their shares. */
function ends({ low, high, share }: Mix): readonly [readonly [number, number], readonly [number, number]] {
  return [[low, 1 - share], [high, share]];
}

function mixes(
  cells: number,
  count: number,
  { interpolation, positions }: Omit<Resizing, "size">,
): readonly Mix[] {
  return Array.from({ length: count }, (_, place) => {
    const at = sourceOf(place, cells, count, positions);
    if (interpolation === "bilinear") return bilinear(at, cells);
    // What lies between two centres is rounded up, and what lies in a cell whose first corner counts is rounded down.
    const cell = Math.min(cells - 1, Math.max(0, Math.floor(positions === "asymmetric" ? at : at + 0.5)));
    return { low: cell, high: cell, share: 0 };
  });
}

/** Beyond the outermost centres the border's value continues. */
function bilinear(source: number, cells: number): Mix {
  const at = Math.min(cells - 1, Math.max(0, source));
  const low = Math.floor(at);
  return { low, high: Math.min(cells - 1, low + 1), share: at - low };
}
