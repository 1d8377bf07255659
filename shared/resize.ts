/** Bilinear resizing with half-pixel centres, clamped at the borders: what cv2 and browsers do. */
import { type MapExtent, WHOLE_INPUT } from "./map_extent.ts";

/** A plane of numbers, row by row. */
export interface Plane {
  readonly height: number;
  readonly width: number;
  /** `[height, width]`. */
  readonly values: Float32Array;
  /** Where its cells lie on what it is resized to; absent: they tile it. */
  readonly extent?: MapExtent;
}

/** For one axis: the lower and upper source index of every target index, and the share of the upper one. */
export interface BilinearAxis {
  readonly lower: Uint16Array;
  readonly upper: Uint16Array;
  readonly share: Float64Array;
}

/** A handful of sizes recur frame after frame. */
const axes = new Map<string, BilinearAxis>();

/** Axes that are remembered; the oldest is forgotten first. */
const KEPT_AXES = 64;

/**
 * Resizes a plane to `[height, width]`. What its extent leaves uncovered has the value of the nearest cell.
 *
 * @param out takes the `height·width` numbers; by default a new array
 */
export function resizeBilinear(
  plane: Plane,
  { height, width }: { readonly height: number; readonly width: number },
  out: Float32Array = new Float32Array(height * width),
): Float32Array {
  const { extent = WHOLE_INPUT } = plane;
  const across = bilinearAxis(plane.width, width, { start: extent.left, length: extent.width });
  const down = bilinearAxis(plane.height, height, { start: extent.top, length: extent.height });
  // First every source row to full width, then between rows: 7 × 224 + 224 × 224 steps instead of 4 × 224 × 224.
  const wide = new Float64Array(plane.height * width);
  for (let row = 0; row < plane.height; row++) {
    const from = row * plane.width;
    for (let x = 0; x < width; x++) {
      const left = plane.values[from + (across.lower[x] ?? 0)] ?? 0;
      const right = plane.values[from + (across.upper[x] ?? 0)] ?? 0;
      wide[row * width + x] = left + (across.share[x] ?? 0) * (right - left);
    }
  }
  for (let y = 0; y < height; y++) {
    const above = (down.lower[y] ?? 0) * width;
    const below = (down.upper[y] ?? 0) * width;
    const share = down.share[y] ?? 0;
    const to = y * width;
    for (let x = 0; x < width; x++) {
      const top = wide[above + x] ?? 0;
      out[to + x] = top + share * ((wide[below + x] ?? 0) - top);
    }
  }
  return out;
}

/** The part of an axis that cells cover, as shares of it. */
export interface CoveredPart {
  readonly start: number;
  readonly length: number;
}

const ALL: CoveredPart = { start: 0, length: 1 };

/**
 * Where each of `to` places lies among `from` ones; the result is shared and must not be changed.
 *
 * @param covered where the `from` places lie on the axis; by default they tile it
 */
export function bilinearAxis(from: number, to: number, { start, length }: CoveredPart = ALL): BilinearAxis {
  const key = `${from}:${to}:${start}:${length}`;
  const known = axes.get(key);
  if (known !== undefined) return known;
  const made: BilinearAxis = {
    lower: new Uint16Array(to),
    upper: new Uint16Array(to),
    share: new Float64Array(to),
  };
  for (let target = 0; target < to; target++) {
    const inside = ((target + 0.5) / to - start) / length;
    const at = Math.min(from - 1, Math.max(0, inside * from - 0.5));
    const lower = Math.floor(at);
    made.lower[target] = lower;
    made.upper[target] = Math.min(from - 1, lower + 1);
    made.share[target] = at - lower;
  }
  axes.set(key, made);
  const [oldest = key] = axes.keys();
  if (axes.size > KEPT_AXES) axes.delete(oldest);
  return made;
}
