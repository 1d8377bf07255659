/** Numbers of heads and tables as people read them. Pure. */

/** Significant digits that are read at a glance, and the most that tell two numbers apart. */
const DIGITS = 4;
const MOST_DIGITS = 12;

/** From here on digits are grouped, and from there on a power of ten is shorter; below the third, too. */
const GROUPED_FROM = 10_000;
const LARGE = 1e9;
const SMALL = 1e-4;

/** Writes a value of a column or a threshold: "880.8", "0.1423", "−2", "12,400", "3.1e−7". */
export function columnValue(value: number, digits = DIGITS): string {
  if (!Number.isFinite(value)) return "missing";
  const size = Math.abs(value);
  if (size !== 0 && (size < SMALL || size >= LARGE)) {
    return value.toExponential(Math.min(digits, DIGITS) - 2).replaceAll("-", "−").replace("e+", "e");
  }
  const rounded = Number(value.toPrecision(digits));
  const text = Math.abs(rounded) >= GROUPED_FROM
    ? rounded.toLocaleString("en", { maximumFractionDigits: 3 })
    : String(rounded);
  return text.replace("-", "−");
}

/** Writes a value and the threshold that it is compared with, with as many digits as tell them apart. */
export function againstThreshold(value: number, threshold: number): readonly [string, string] {
  for (let digits = DIGITS; digits < MOST_DIGITS; digits++) {
    const pair = [columnValue(value, digits), columnValue(threshold, digits)] as const;
    if (value === threshold || pair[0] !== pair[1]) return pair;
  }
  return [String(value), String(threshold)];
}

/** Writes a weight or a contribution with its sign: "+0.61", "−1.2", "0". */
export function signed(value: number): string {
  const size = Math.abs(value);
  if (size < SMALL / 2) return "0";
  const decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : size >= 0.01 ? 3 : 4;
  return `${value < 0 ? "−" : "+"}${size.toFixed(decimals)}`;
}

/** Writes an importance, which has no sign: "0.31", "0.0042", "0". */
export function unsigned(value: number): string {
  return signed(Math.abs(value)).replace("+", "");
}

/** Writes a count: "569", "50,000". */
export function count(value: number): string {
  return Math.round(value).toLocaleString("en");
}

/** Writes a share with two decimals, as accuracies are compared: "96.31 %". */
export function share(value: number, decimals = 1): string {
  return `${(100 * value).toFixed(decimals)} %`;
}

/** Shortens a name to `most` characters, with a sign of it. */
export function shortened(name: string, most: number): string {
  const letters = [...name];
  return letters.length <= most ? name : `${letters.slice(0, most - 1).join("").trimEnd()}…`;
}

/** Letters that are narrower and wider than most, and their widths as shares of those. */
const NARROW = /[ijltfrI .,:;'’|!()[\]]/u;
const WIDE = /[mwA-HJ-Z0-9@%&<>=+~_#$]/u;
const WIDTHS = { narrow: 0.6, wide: 1.3 };

/** Shortens a name to the width of `most` usual letters, with a sign of it: fonts that are not measured stay within it. */
export function shortenedTo(name: string, most: number): string {
  let width = 0;
  let fits = 0;
  const letters = [...name];
  for (const [at, letter] of letters.entries()) {
    width += NARROW.test(letter) ? WIDTHS.narrow : WIDE.test(letter) ? WIDTHS.wide : 1;
    if (width <= most - 1) fits = at + 1;
  }
  return width <= most ? name : `${letters.slice(0, fits).join("").trimEnd()}…`;
}
