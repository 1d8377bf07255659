/** The outline of a cover's cells. Pure. */
import { COVER_SIDE } from "../../shared/cover.ts";

/** An SVG path in units of cells, 0 to 32, along every edge between a covered cell and one that is not. */
export function coverOutline(cells: ArrayLike<number>): string {
  const isCovered = (row: number, column: number) =>
    row >= 0 && row < COVER_SIDE && column >= 0 && column < COVER_SIDE &&
    cells[row * COVER_SIDE + column] === 1;
  const parts: string[] = [];
  for (let line = 0; line <= COVER_SIDE; line++) {
    const across = runs((column) => isCovered(line - 1, column) !== isCovered(line, column));
    const down = runs((row) => isCovered(row, line - 1) !== isCovered(row, line));
    for (const [first, end] of across) parts.push(`M${first} ${line}H${end}`);
    for (const [first, end] of down) parts.push(`M${line} ${first}V${end}`);
  }
  return parts.join("");
}

/** The places 0…31 for which something holds, as first place and end of each run. */
function runs(holds: (place: number) => boolean): readonly (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  let first: number | null = null;
  for (let place = 0; place <= COVER_SIDE; place++) {
    const now = place < COVER_SIDE && holds(place);
    if (now && first === null) first = place;
    if (now || first === null) continue;
    found.push([first, place]);
    first = null;
  }
  return found;
}
