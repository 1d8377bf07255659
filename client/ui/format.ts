/** Numbers as people read them. */

/** Writes a probability as a percentage: "94 %", "0.3 %" below one, "< 0.1 %" at the end. */
export function percent(probability: number): string {
  const value = probability * 100;
  if (value >= 99.5 && value < 100) return `${value.toFixed(1)} %`.replace("100.0", "99.9");
  if (value >= 0.95 || value === 0) return `${Math.round(value)} %`;
  return value < 0.1 ? "< 0.1 %" : `${value.toFixed(1)} %`;
}

/** Writes a value in logits with two significant digits and no exponent: "9.4", "0.31", "0.0042". */
export function logits(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 10) return value.toFixed(0);
  const decimals = Math.min(4, Math.max(1, 1 - Math.floor(Math.log10(size))));
  return value.toFixed(decimals).replace("-", "−");
}
