/** Probabilities as people read them. */

/** Writes a probability as a percentage: "94 %", "0.3 %" below one, "< 0.1 %" at the end. */
export function percent(probability: number): string {
  const value = probability * 100;
  if (value >= 99.5 && value < 100) return `${value.toFixed(1)} %`.replace("100.0", "99.9");
  if (value >= 0.95 || value === 0) return `${Math.round(value)} %`;
  return value < 0.1 ? "< 0.1 %" : `${value.toFixed(1)} %`;
}
