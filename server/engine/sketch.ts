/** A frame as a small grey picture: enough to say whether another one shows the same. */
import { luminanceAt } from "../../shared/luminance.ts";

/** Cells along each side of a sketch. */
export const SKETCH_SIDE = 28;

/** `[SKETCH_SIDE, SKETCH_SIDE]` mean luminances, 0…255. */
export type Sketch = Uint8Array<ArrayBuffer>;

/** Pixels as a decoder or a canvas gives them. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue first, 0…255. */
  readonly values: ArrayLike<number>;
  /** Numbers for each pixel: 3, or 4 where alpha follows. */
  readonly channels: 3 | 4;
}

/**
 * Makes a frame's sketch: each cell is the mean luminance of the pixels whose centres lie in it, of a smaller picture
 * that of the nearest one.
 */
export function sketchOf({ width, height, values, channels }: Pixels): Sketch {
  const sketch = new Uint8Array(SKETCH_SIDE ** 2);
  for (let row = 0; row < SKETCH_SIDE; row++) {
    const [top, bottom] = part(row, height);
    for (let column = 0; column < SKETCH_SIDE; column++) {
      const [left, right] = part(column, width);
      let sum = 0;
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) sum += luminanceAt(values, channels * (y * width + x));
      }
      sketch[row * SKETCH_SIDE + column] = Math.round(sum / ((bottom - top) * (right - left)));
    }
  }
  return sketch;
}

/**
 * Difference from which on two frames show different things, in levels. On crops of the shipped photos a pan of 4 px
 * of 224 makes 3 to 15 levels and one of 8 px 6 to 27, another photo 53 to 77; noise with a standard deviation of 16
 * levels makes 2, and a camera that turns its exposure by 5 % 3 to 6.
 */
const UNLIKE_LEVELS = 8;

/** Whether two frames show the same, so that what was measured on one holds for the other. */
export function areAlike(a: Sketch, b: Sketch): boolean {
  return a === b || sketchDifference(a, b) < UNLIKE_LEVELS;
}

/** Mean absolute difference of two sketches, 0…255 levels. */
export function sketchDifference(a: Sketch, b: Sketch): number {
  let sum = 0;
  for (let at = 0; at < SKETCH_SIDE ** 2; at++) sum += Math.abs((a[at] as number) - (b[at] as number));
  return sum / SKETCH_SIDE ** 2;
}

/** First pixel of a cell and the one behind its last. */
function part(cell: number, side: number): readonly [first: number, end: number] {
  const first = Math.min(side - 1, Math.floor(cell * side / SKETCH_SIDE));
  return [first, Math.max(first + 1, Math.floor((cell + 1) * side / SKETCH_SIDE))];
}
