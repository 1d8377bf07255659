/** A cover: cells of the picture that are hidden from the network, and what it sees in their place (rules U). */
import * as v from "valibot";

/** Cells along each side of a cover; the grid is stretched over the model's input. */
export const COVER_SIDE = 32;

/** Cells of a cover. */
export const COVER_CELLS = COVER_SIDE ** 2;

const COVER_BYTES = COVER_CELLS / 8;

/** Length of a cover's cells in base64. */
const COVER_CHARS = 4 * Math.ceil(COVER_BYTES / 3);

/**
 * What the network sees in place of what is covered: the baseline of occlusion; the picture far out of focus; black; the
 * nearest cells that are visible, mirrored.
 */
export const COVER_FILLS = ["grey", "blur", "black", "neighbour"] as const;
export type CoverFill = typeof COVER_FILLS[number];

/** A cover as it is sent, kept and compared: equal covers have equal texts. */
export const CoverSchema = v.strictObject({
  /** 32×32 bits, row by row, the most significant bit of a byte first; 1 is covered. */
  cells: v.pipe(
    v.string(),
    v.regex(
      new RegExp(`^[A-Za-z0-9+/]{${COVER_CHARS - 2}}[AEIMQUYcgkosw048]=$`),
      `${COVER_BYTES} bytes in base64`,
    ),
  ),
  fill: v.picklist(COVER_FILLS),
});
export type Cover = v.InferOutput<typeof CoverSchema>;

/** The cells of a cover, `[32, 32]`: 1 is covered, 0 visible. */
export function coveredCells({ cells }: Pick<Cover, "cells">): Uint8Array<ArrayBuffer> {
  const bytes = atob(cells);
  return Uint8Array.from(
    { length: COVER_CELLS },
    (_, cell) => bytes.charCodeAt(cell >> 3) >> (7 - cell % 8) & 1,
  );
}

/** A cover of cells, `[32, 32]`; others than 0 are covered. */
export function coverOf(cells: ArrayLike<number>, fill: CoverFill): Cover {
  const bytes = new Uint8Array(COVER_BYTES);
  for (let cell = 0; cell < COVER_CELLS; cell++) {
    if (cells[cell]) bytes[cell >> 3] = (bytes[cell >> 3] ?? 0) | 0x80 >> cell % 8;
  }
  return { cells: btoa(String.fromCharCode(...bytes)), fill };
}

/** Share of the picture that is covered, 0 to 1. */
export function coverShare(cells: ArrayLike<number>): number {
  let covered = 0;
  for (let cell = 0; cell < COVER_CELLS; cell++) if (cells[cell]) covered++;
  return covered / COVER_CELLS;
}

/** Whether a cover hides anything, or all of the picture. */
export function coverExtent(cover: Cover | null | undefined): boolean | "all" {
  const effective = effectiveCover(cover);
  if (effective === null) return false;
  return coverShare(coveredCells(effective)) === 1 ? "all" : true;
}

/** What is said of a cover on the picture. */
export function coverNote(covered: true | "all"): string {
  return covered === "all" ? "Everything is covered" : "Partly covered";
}

/** The same cover, or null where it hides nothing. */
export function effectiveCover(cover: Cover | null | undefined): Cover | null {
  return cover === null || cover === undefined || /^A*=$/.test(cover.cells) ? null : cover;
}

/** Whether two covers hide the same in the same way. */
export function sameCover(a: Cover | null, b: Cover | null): boolean {
  return a?.cells === b?.cells && a?.fill === b?.fill;
}

/** The cover as a property to be spread into a view: none where nothing is covered. */
export function coverProperty(cover: Cover | null | undefined): { readonly cover?: Cover } {
  return cover === null || cover === undefined ? {} : { cover };
}

/** The first pixel of each cell along a side of `length` pixels, and behind the last one its end; some cells may be empty. */
export function cellStarts(length: number): Int32Array {
  return Int32Array.from(
    { length: COVER_SIDE + 1 },
    (_, cell) => Math.ceil(cell * length / COVER_SIDE - 0.5),
  );
}

/**
 * The nearest visible cell of each covered one, `[32, 32]`, by the distance of their centres in cells; of several the first
 * row by row. −1 for visible cells, and where there is none.
 *
 * @param isUsable whether a visible cell has anything to show; default: all have
 */
export function nearestVisible(
  cells: ArrayLike<number>,
  isUsable: (row: number, column: number) => boolean = () => true,
): Int16Array {
  const visible: (readonly [number, number])[] = [];
  for (let cell = 0; cell < COVER_CELLS; cell++) {
    const place = [Math.floor(cell / COVER_SIDE), cell % COVER_SIDE] as const;
    if (!cells[cell] && isUsable(...place)) visible.push(place);
  }
  return Int16Array.from({ length: COVER_CELLS }, (_, cell) => {
    if (!cells[cell]) return -1;
    const [row, column] = [Math.floor(cell / COVER_SIDE), cell % COVER_SIDE];
    let [nearest, least] = [-1, Infinity];
    for (const [otherRow, otherColumn] of visible) {
      const distance = (otherRow - row) ** 2 + (otherColumn - column) ** 2;
      if (distance >= least) continue;
      least = distance;
      nearest = otherRow * COVER_SIDE + otherColumn;
    }
    return nearest;
  });
}
