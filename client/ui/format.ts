/** Numbers as people read them. */

export { percent } from "../../shared/percent.ts";

/** Writes a value of a map or in logits with two significant digits: "9.4", "0.31", "0.0042", "3.1e−5". */
export function logits(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 0.0005) return value.toExponential(1).replaceAll("-", "−");
  if (size >= 10) return value.toFixed(0);
  const decimals = Math.min(4, Math.max(1, 1 - Math.floor(Math.log10(size))));
  return value.toFixed(decimals).replace("-", "−");
}

/**
 * Writes the ends of a scale with enough digits to differ: "0" and "0.31", "0.364" and "0.421", "−4.2" and
 * "+4.2" of a signed one. What is very small has an exponent: "3.1e−5".
 */
export function scaleEnds(
  { low, high }: { readonly low: number; readonly high: number },
  signed: boolean,
): readonly [string, string] {
  const width = high - low;
  const digits = Math.max(0, 1 - Math.floor(Math.log10(Math.abs(width))));
  const write = (value: number) => {
    if (value === 0) return "0";
    return (digits > MOST_DECIMALS ? value.toExponential(1) : value.toFixed(digits)).replaceAll("-", "−");
  };
  return [write(low), signed ? `+${write(high)}` : write(high)];
}

/** Decimals that are still read at a glance. */
const MOST_DECIMALS = 4;

/** Writes a size in bytes: "640 B", "12 kB", "3.4 MB", "1.2 GB". */
export function fileSize(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** Writes a duration as players do: "0:07", "12:30", "1:02:03". */
export function playTime(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const tail = String(seconds % 60).padStart(2, "0");
  return hours === 0 ? `${minutes}:${tail}` : `${hours}:${String(minutes).padStart(2, "0")}:${tail}`;
}
