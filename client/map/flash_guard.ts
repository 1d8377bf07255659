/**
 * Keeps the heatmap from flashing: never more than three flashes within a second (WCAG 2.2, 2.3.1), whatever the network
 * makes of the pictures. A flash is a rise and a fall, or the other way round, of a large part of the square by a tenth.
 */
import { type DisplayRange, strengthOn } from "../../shared/display_range.ts";
import type { Plane } from "../../shared/resize.ts";

/** Parts along each side: one of nine is about the area that WCAG counts, where the square is as high as the screen. */
const PARTS = 3;

/** Smallest change that counts, as a share of full evidence. */
const SWING = 0.1;

/** Opposite changes within a second at most: two are a flash. */
const MAX_TURNS = 6;

const SECOND_MS = 1_000;

/** How strongly each part of a map is drawn, 0…1: `PARTS × PARTS` means. */
export type Levels = readonly number[];

/** Measures a map that is drawn on a scale; `weights` as for the drawing. */
export function levelsOf(
  { height, width, values }: Plane,
  weights: Float32Array,
  { range, signed }: { readonly range: DisplayRange; readonly signed: boolean },
): Levels {
  const sums = new Float64Array(PARTS * PARTS);
  const counts = new Float64Array(PARTS * PARTS);
  for (let row = 0; row < height; row++) {
    const down = Math.floor(row * PARTS / height) * PARTS;
    for (let column = 0; column < width; column++) {
      const part = down + Math.floor(column * PARTS / width);
      const at = row * width + column;
      const weight = weights[at] ?? 0;
      if (weight > 0) {
        sums[part] = (sums[part] ?? 0) + weight * strengthOn(range, signed, values[at] ?? 0);
      }
      counts[part] = (counts[part] ?? 0) + 1;
    }
  }
  return Array.from(sums, (sum, part) => sum / Math.max(1, counts[part] ?? 0));
}

/** What is known of one part. */
interface Part {
  /** Where its last counted change ended, and in which direction it went: −1, 0 or 1. */
  level: number;
  direction: number;
  /** When its direction turned, in ms. */
  turnsMs: number[];
}

/** Remembers what was drawn in the last second. */
export class FlashGuard {
  #parts: Part[] = [];

  /** Reports whether a map may be drawn now; one that may is taken as drawn. */
  allows(levels: Levels, nowMs: number): boolean {
    if (this.#parts.length !== levels.length) {
      this.#parts = levels.map((level) => ({ level, direction: 0, turnsMs: [] }));
      return true;
    }
    const changes = this.#parts.map((part, place) => change(part, levels[place] ?? 0));
    const allowed = this.#parts.every(({ turnsMs }, place) =>
      changes[place]?.turns !== true || turnsMs.filter((atMs) => nowMs - atMs < SECOND_MS).length < MAX_TURNS
    );
    if (!allowed) return false;
    for (const [place, part] of this.#parts.entries()) {
      const { direction, turns, level } = changes[place] ?? { direction: 0, turns: false, level: part.level };
      if (turns) part.turnsMs = [...part.turnsMs.filter((atMs) => nowMs - atMs < SECOND_MS), nowMs];
      part.direction = direction;
      part.level = level;
    }
    return true;
  }
}

/** What a level would change: the way along one direction counts from its far end. */
function change(
  { level: before, direction }: Part,
  level: number,
): { direction: number; turns: boolean; level: number } {
  const by = level - before;
  const along = direction !== 0 && Math.sign(by) === direction;
  if (along) return { direction, turns: false, level };
  if (Math.abs(by) < SWING) return { direction, turns: false, level: direction === 0 ? level : before };
  return { direction: Math.sign(by), turns: true, level };
}
