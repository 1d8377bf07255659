/** Small masks enlarged to the input's size by a resize with half-pixel centres. */
import { type BilinearAxis, bilinearAxis } from "../../../../shared/resize.ts";
import type { Mask } from "../../port.ts";
import type { InputSize } from "./frame.ts";

/**
 * Enlarges a mask bilinearly and cuts the input's part out of it, `[height, width]`.
 *
 * The centre of pixel i of the enlarged map lies at (i + ½)·(small / enlarged) − ½ of the small one; beyond its first
 * and last centre the border's value continues.
 */
export function enlargeMask(mask: Mask, { height, width }: InputSize): Float32Array {
  const { enlarged = { height, width }, corner = { top: 0, left: 0 } } = mask;
  const rows = part(mask.height, enlarged.height, corner.top, height);
  const columns = part(mask.width, enlarged.width, corner.left, width);
  const whole = new Float32Array(height * width);
  const line = new Float64Array(mask.width);
  for (let y = 0; y < height; y++) {
    const low = mask.width * (rows.lower[y] as number);
    const high = mask.width * (rows.upper[y] as number);
    const down = rows.share[y] as number;
    for (let x = 0; x < mask.width; x++) {
      const above = mask.values[low + x] as number;
      line[x] = above + down * ((mask.values[high + x] as number) - above);
    }
    for (let x = 0; x < width; x++) {
      const left = line[columns.lower[x] as number] as number;
      const right = line[columns.upper[x] as number] as number;
      whole[y * width + x] = left + (columns.share[x] as number) * (right - left);
    }
  }
  return whole;
}

/** The part of an axis that the input lies on. */
function part(small: number, enlarged: number, start: number, length: number): BilinearAxis {
  const { lower, upper, share } = bilinearAxis(small, enlarged);
  const end = start + length;
  return {
    lower: lower.subarray(start, end),
    upper: upper.subarray(start, end),
    share: share.subarray(start, end),
  };
}
