/** Sums of products, with several sums in flight at once: one alone would wait for each addition. */
import type { FeatureRows, Scale } from "./rows.ts";

type Floats = Float32Array | Float64Array;

/** Rows whose products are added at a time: their columns stay in the processor's cache. */
const BLOCK_ROWS = 32;

/**
 * The products of every two columns of standardised rows, summed over the rows; the rows are standardised a block at a time.
 *
 * @param into [width][width]; it is overwritten, its lower half alone is of use
 */
export function productsOfColumns(rows: FeatureRows, scale: Scale, into: Float64Array): void {
  const { values, width } = rows;
  const centre = Float64Array.from(scale.mean);
  const factor = Float64Array.from(scale.deviation, (spread) => 1 / spread);
  // One column more than there may be: tiles are two columns wide.
  const columns = new Float64Array((width + 1) * BLOCK_ROWS);
  into.fill(0);
  const count = values.length / width;
  for (let first = 0; first < count; first += BLOCK_ROWS) {
    const some = Math.min(BLOCK_ROWS, count - first);
    if (some < BLOCK_ROWS) columns.fill(0);
    for (let row = 0; row < some; row++) {
      const from = (first + row) * width;
      for (let i = 0; i < width; i++) {
        columns[i * BLOCK_ROWS + row] = ((values[from + i] ?? 0) - (centre[i] ?? 0)) * (factor[i] ?? 0);
      }
    }
    addProducts(columns, BLOCK_ROWS, width, into);
  }
}

/** The products of every two of `count` rows, the lower half of [count][count]. */
export function productsOfRows(rows: Floats, width: number, count: number): Float64Array {
  const products = new Float64Array(count * count);
  addProducts(rows, width, count, products);
  return products;
}

/** Adds the products of every two rows to the lower half of `into`, in tiles of two by two. */
function addProducts(rows: Floats, width: number, count: number, into: Float64Array): void {
  for (let a = 0; a < count; a += 2) {
    const [upper, lower] = [a * width, (a + 1) * width];
    for (let b = 0; b <= a; b += 2) {
      const [left, right] = [b * width, (b + 1) * width];
      let [s00, s01, s10, s11] = [0, 0, 0, 0];
      for (let i = 0; i < width; i++) {
        const [u, v, x, y] = [
          rows[upper + i] ?? 0,
          rows[lower + i] ?? 0,
          rows[left + i] ?? 0,
          rows[right + i] ?? 0,
        ];
        s00 += u * x;
        s01 += u * y;
        s10 += v * x;
        s11 += v * y;
      }
      const at = a * count + b;
      into[at] = (into[at] ?? 0) + s00;
      if (b + 1 < count) into[at + 1] = (into[at + 1] ?? 0) + s01;
      if (a + 1 === count) continue;
      into[at + count] = (into[at + count] ?? 0) + s10;
      if (b + 1 < count) into[at + count + 1] = (into[at + count + 1] ?? 0) + s11;
    }
  }
}
