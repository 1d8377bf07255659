/** Small masks brought to the input's size, as a resize with half-pixel centres brings them. */
import type { Mask } from "../port.ts";
import type { InputSize } from "./frame.ts";

/** For each place of an axis the two values that it lies between, and the share of the second. */
interface Axis {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly share: Float64Array;
}

/**
 * Enlarges a mask bilinearly and cuts the input's part out of it, `[height, width]`.
 *
 * The centre of px i of the enlarged map lies at (i + ½)·(small / enlarged) − ½ of the small one; beyond its first
 * and last centre the border's value goes on.
 */
export function enlargeMask(mask: Mask, { height, width }: InputSize): Float32Array {
  const { enlarged = { height, width }, corner = { top: 0, left: 0 } } = mask;
  const rows = place(mask.height, enlarged.height, corner.top, height);
  const columns = place(mask.width, enlarged.width, corner.left, width);
  const whole = new Float32Array(height * width);
  const line = new Float64Array(mask.width);
  for (let y = 0; y < height; y++) {
    const low = mask.width * (rows.low[y] as number);
    const high = mask.width * (rows.high[y] as number);
    const down = rows.share[y] as number;
    for (let x = 0; x < mask.width; x++) {
      const above = mask.values[low + x] as number;
      line[x] = above + down * ((mask.values[high + x] as number) - above);
    }
    for (let x = 0; x < width; x++) {
      const left = line[columns.low[x] as number] as number;
      const right = line[columns.high[x] as number] as number;
      whole[y * width + x] = left + (columns.share[x] as number) * (right - left);
    }
  }
  return whole;
}

function place(small: number, enlarged: number, start: number, length: number): Axis {
  const axis = {
    low: new Int32Array(length),
    high: new Int32Array(length),
    share: new Float64Array(length),
  };
  for (let i = 0; i < length; i++) {
    const centre = Math.min(small - 1, Math.max(0, (start + i + 0.5) * (small / enlarged) - 0.5));
    const low = Math.floor(centre);
    axis.low[i] = low;
    axis.high[i] = Math.min(small - 1, low + 1);
    axis.share[i] = centre - low;
  }
  return axis;
}
