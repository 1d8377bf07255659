/** The main direction of a layer's activations. */
import type { Volume } from "../../engine/port.ts";

/** Power iteration ends where no component of the unit vector moves more than this in a step. */
const TOLERANCE = 1e-10;

/** Steps at most; two directions of nearly equal strength are then mixed, but always in the same way. */
const MAX_STEPS = 500;

/**
 * Projects the centred activations, `[H'·W', K]`, onto their first right-singular vector, `[H', W']`: U·Σ's first
 * column. The sign is the one with which it correlates positively with Σ_k A_k; without any variation it is 0.
 *
 * Found by power iteration on the smaller one of the two Gram matrices, from a start that the values decide.
 */
export function principalProjection({ height, width, channels, values }: Volume): Float64Array {
  const positions = height * width;
  const centred = centre(values, positions, channels);
  const projection = channels > positions
    ? overPositions(centred, positions, channels)
    : overChannels(centred, positions, channels);
  let alike = 0;
  for (let at = 0; at < values.length; at++) {
    alike += (projection[Math.floor(at / channels)] ?? 0) * (values[at] ?? 0);
  }
  return alike < 0 ? projection.map((value) => -value) : projection;
}

/** From X·Xᵀ, `[positions, positions]`: its first eigenvector times the singular value is the projection already. */
function overPositions(centred: Float64Array, positions: number, channels: number): Float64Array {
  const gram = new Float64Array(positions * positions);
  for (let row = 0; row < positions; row++) {
    for (let other = row; other < positions; other++) {
      let sum = 0;
      for (let k = 0; k < channels; k++) {
        sum += (centred[row * channels + k] ?? 0) * (centred[other * channels + k] ?? 0);
      }
      gram[row * positions + other] = sum;
      gram[other * positions + row] = sum;
    }
  }
  const { vector, value } = firstEigenvector(gram, positions);
  return vector.map((share) => share * Math.sqrt(value));
}

/** From Xᵀ·X, `[channels, channels]`, whose first eigenvector the positions are projected onto. */
function overChannels(centred: Float64Array, positions: number, channels: number): Float64Array {
  const gram = new Float64Array(channels * channels);
  for (let start = 0; start < centred.length; start += channels) {
    for (let k = 0; k < channels; k++) {
      const own = centred[start + k] ?? 0;
      for (let other = 0; other <= k; other++) {
        gram[k * channels + other] = (gram[k * channels + other] ?? 0) + own * (centred[start + other] ?? 0);
      }
    }
  }
  for (let k = 0; k < channels; k++) {
    for (let other = 0; other < k; other++) gram[other * channels + k] = gram[k * channels + other] ?? 0;
  }
  const projection = new Float64Array(positions);
  multiply(centred, firstEigenvector(gram, channels).vector, projection);
  return projection;
}

/** Takes each channel's mean away, `[positions, channels]`. */
function centre(values: Float32Array, positions: number, channels: number): Float64Array {
  const means = new Float64Array(channels);
  for (let at = 0; at < values.length; at++) {
    const k = at % channels;
    means[k] = (means[k] ?? 0) + (values[at] ?? 0) / positions;
  }
  const centred = new Float64Array(values);
  for (let at = 0; at < centred.length; at++) centred[at] = (centred[at] ?? 0) - (means[at % channels] ?? 0);
  return centred;
}

/** The largest eigenvalue of a symmetric `[size, size]` matrix with its unit vector, 0 for a matrix of zeros. */
function firstEigenvector(gram: Float64Array, size: number): { vector: Float64Array; value: number } {
  // The longest row cannot be at a right angle to the first eigenvector unless others are as strong.
  let longest = 0;
  for (let row = 1; row < size; row++) {
    if ((gram[row * size + row] ?? 0) > (gram[longest * size + longest] ?? 0)) longest = row;
  }
  let vector = gram.slice(longest * size, (longest + 1) * size);
  let next = new Float64Array(size);
  let value = toUnit(vector);
  for (let step = 0; step < MAX_STEPS && value > 0; step++) {
    multiply(gram, vector, next);
    value = toUnit(next);
    let moved = 0;
    for (let at = 0; at < size; at++) moved = Math.max(moved, Math.abs((next[at] ?? 0) - (vector[at] ?? 0)));
    [vector, next] = [next, vector];
    if (moved < TOLERANCE) break;
  }
  return { vector, value };
}

/** Writes a matrix of as many columns as `vector` has numbers, times the vector, into `product`. */
function multiply(matrix: Float64Array, vector: Float64Array, product: Float64Array): void {
  const columns = vector.length;
  for (let row = 0; row < product.length; row++) {
    let sum = 0;
    for (let column = 0; column < columns; column++) {
      sum += (matrix[row * columns + column] ?? 0) * (vector[column] ?? 0);
    }
    product[row] = sum;
  }
}

/** Scales a vector to length 1 unless it is 0, and returns the length that it had. */
function toUnit(vector: Float64Array): number {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  if (length === 0) return 0;
  for (let at = 0; at < vector.length; at++) vector[at] = (vector[at] ?? 0) / length;
  return length;
}
