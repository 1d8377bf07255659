/** Numbers that are finite: no ranking and no map can be made of others. */

/** The first number that is not finite, or null. */
export function firstUnsound(values: Float32Array): number | null {
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    // Infinity − Infinity is no number either.
    if (value - value !== 0) return value;
  }
  return null;
}
