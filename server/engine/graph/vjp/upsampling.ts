/** The gradient at the input of an enlargement or a resizing. */
import type { Cubic, Operations, Shape } from "../graph.ts";
import type { Kernels, Value } from "../kernels.ts";

type Resizing = Operations["resize"]["attrs"];

/** The inputs that an output cell along one axis is mixed of; none twice, and none whose share is 0. */
export type Mix = readonly Part[];

/** An input's share in an output cell; they add up to 1, and those of a cubic curve may be less than 0. */
interface Part {
  readonly cell: number;
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
 * Visits each input cell that an output cell is mixed of, with its share.
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
        for (const { cell: y, share: down } of row) {
          for (const { cell: x, share: across } of column) {
            visit(((b * height + y) * width + x) * channels, output, down * across);
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

function mixes(
  cells: number,
  count: number,
  { interpolation, positions }: Omit<Resizing, "size">,
): readonly Mix[] {
  return Array.from({ length: count }, (_, place) => {
    const at = sourceOf(place, cells, count, positions);
    if (typeof interpolation !== "string") return cubic(at, cells, interpolation);
    if (interpolation === "bilinear") return bilinear(at, cells);
    // What lies between two centres is rounded up, and what lies in a cell whose first corner counts is rounded down.
    const cell = Math.min(cells - 1, Math.max(0, Math.floor(positions === "asymmetric" ? at : at + 0.5)));
    return [{ cell, share: 1 }];
  });
}

/** Beyond the outermost centres the border's value continues. */
function bilinear(source: number, cells: number): Mix {
  const at = Math.min(cells - 1, Math.max(0, source));
  const low = Math.floor(at);
  const share = at - low;
  return [{ cell: low, share: 1 - share }, { cell: Math.min(cells - 1, low + 1), share }]
    .filter((part) => part.share !== 0);
}

/** The four cells around a place; beyond the border those of the border, or none. */
function cubic(source: number, cells: number, { coefficient, insideOnly }: Cubic): Mix {
  const shares = new Map<number, number>();
  const first = Math.floor(source) - 1;
  for (let place = first; place < first + 4; place++) {
    if (insideOnly && (place < 0 || place >= cells)) continue;
    const cell = Math.min(cells - 1, Math.max(0, place));
    shares.set(cell, (shares.get(cell) ?? 0) + keys(Math.abs(source - place), coefficient));
  }
  const sum = [...shares.values()].reduce((total, share) => total + share, 0);
  return [...shares].map(([cell, share]) => ({ cell, share: share / sum })).filter(({ share }) =>
    share !== 0
  );
}

/** Keys's curve at a distance of up to two cells. */
function keys(distance: number, coefficient: number): number {
  return distance <= 1
    ? ((coefficient + 2) * distance - (coefficient + 3)) * distance ** 2 + 1
    : coefficient * (((distance - 5) * distance + 8) * distance - 4);
}
