/** PNG's row filters: each value as its difference to what its neighbours foretell, which packs well. */

/** What foretells a byte, from the one to its left, the one above it and the one above that; the place is PNG's number. */
const PREDICTORS: readonly ((left: number, above: number, corner: number) => number)[] = [
  () => 0,
  (left) => left,
  (_left, above) => above,
  (left, above) => (left + above) >> 1,
  paeth,
];

/**
 * Filters the rows of a picture, each by the predictor that leaves the least.
 *
 * @param bytes `[rows, stride]`
 * @param stride bytes of a row
 * @param pixel bytes of a pixel
 * @returns `[rows, 1 + stride]`, the number of its filter before each row
 */
export function filterRows(bytes: Uint8Array, stride: number, pixel: number): Uint8Array {
  const rows = stride === 0 ? 0 : bytes.length / stride;
  const filtered = new Uint8Array(rows * (stride + 1));
  const tried = new Uint8Array(stride);
  for (let row = 0; row < rows; row++) {
    const from = row * stride;
    const to = row * (stride + 1);
    let least = Infinity;
    for (const [number, predict] of PREDICTORS.entries()) {
      let sum = 0;
      for (let index = 0; index < stride; index++) {
        const left = index < pixel ? 0 : bytes[from + index - pixel] ?? 0;
        const above = row === 0 ? 0 : bytes[from + index - stride] ?? 0;
        const corner = row === 0 || index < pixel ? 0 : bytes[from + index - stride - pixel] ?? 0;
        const rest = ((bytes[from + index] ?? 0) - predict(left, above, corner)) & 255;
        tried[index] = rest;
        sum += rest < 128 ? rest : 256 - rest;
      }
      if (sum >= least) continue;
      least = sum;
      filtered[to] = number;
      filtered.set(tried, to + 1);
    }
  }
  return filtered;
}

/** Whichever neighbour lies nearest to left + above − corner. */
function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const toLeft = Math.abs(guess - left);
  const toAbove = Math.abs(guess - above);
  const toCorner = Math.abs(guess - corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}
