/** How much of the evidence for a class lies outside its object. Pure. */
import type { MapExtent } from "../../shared/map_extent.ts";
import { WHOLE_INPUT } from "../../shared/map_extent.ts";
import type { Box } from "../../shared/teach_wire.ts";
import { type Sketch, SKETCH_SIDE } from "../engine/mod.ts";

/** A map of evidence, signed, and where its cells lie. */
export interface EvidenceMap {
  readonly height: number;
  readonly width: number;
  readonly values: ArrayLike<number>;
  readonly extent?: MapExtent | undefined;
}

/** Luminance by which a cell of two pictures has to differ to count as moving, 0…255. */
const MOVING = 18;

/** An object of less than this share of the picture is noise, and one of more is the whole picture. */
const LEAST_SHARE = 0.01;
const MOST_SHARE = 0.85;

/** Share of the positive evidence that lies outside a box; null where there is no positive evidence. */
export function shareOutside(map: EvidenceMap, box: Box): number | null {
  const { height, width, values, extent = WHOLE_INPUT } = map;
  let [inside, all] = [0, 0];
  for (let row = 0; row < height; row++) {
    const down = overlap(
      extent.top + row * extent.height / height,
      extent.height / height,
      box.top,
      box.height,
    );
    for (let column = 0; column < width; column++) {
      const value = values[row * width + column] ?? 0;
      if (value <= 0) continue;
      const across = overlap(
        extent.left + column * extent.width / width,
        extent.width / width,
        box.left,
        box.width,
      );
      all += value;
      inside += value * down * across;
    }
  }
  return all === 0 ? null : Math.min(1, Math.max(0, 1 - inside / all));
}

/** Share of the picture's area that lies outside a box. */
export function areaOutside({ height, width }: Box): number {
  return Math.max(0, 1 - height * width);
}

/**
 * The box around what differs between a picture and those before and behind it in the same hold; null where nothing moves, or
 * everything does.
 */
export function movingBox(sketch: Sketch, others: readonly Sketch[]): Box | null {
  if (others.length === 0) return null;
  const moves = (cell: number) =>
    others.some((other) => Math.abs((other[cell] ?? 0) - (sketch[cell] ?? 0)) > MOVING);
  const cells = [...sketch.keys()].filter(moves);
  // A few stray cells are noise: the outermost tenth on each side does not count.
  const rows = trimmed(cells.map((cell) => Math.floor(cell / SKETCH_SIDE)));
  const columns = trimmed(cells.map((cell) => cell % SKETCH_SIDE));
  if (rows === null || columns === null) return null;
  const box = {
    top: rows.first / SKETCH_SIDE,
    left: columns.first / SKETCH_SIDE,
    height: (rows.last + 1 - rows.first) / SKETCH_SIDE,
    width: (columns.last + 1 - columns.first) / SKETCH_SIDE,
  };
  const share = box.height * box.width;
  return share < LEAST_SHARE || share > MOST_SHARE ? null : box;
}

/** Share of the outermost values that are left out on each side. */
const TRIMMED = 0.05;

function trimmed(values: readonly number[]): { readonly first: number; readonly last: number } | null {
  const sorted = values.toSorted((a, b) => a - b);
  const cut = Math.floor(TRIMMED * sorted.length);
  const [first, last] = [sorted[cut], sorted.at(-1 - cut)];
  return first === undefined || last === undefined ? null : { first, last };
}

/** Share of a cell's stretch that lies in another one; what of the cell lies beyond the picture does not count. */
function overlap(start: number, length: number, otherStart: number, otherLength: number): number {
  const [from, to] = [Math.max(0, start), Math.min(1, start + length)];
  if (to <= from) return 0;
  const common = Math.min(to, otherStart + otherLength) - Math.max(from, otherStart);
  return Math.min(1, Math.max(0, common) / (to - from));
}
