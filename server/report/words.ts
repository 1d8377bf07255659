/** Numbers as people read them, on the page and in the terminal. */

/** A value with its sign and no more digits than help. */
export function formatValue(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 0.001) return value.toExponential(1).replaceAll("-", "−");
  const digits = size >= 100 ? 0 : size >= 1 ? 2 : 3;
  return value.toFixed(digits).replace("-", "−");
}

/** A share as per cent; what is above zero never reads as zero. */
export function formatShare(share: number): string {
  const percent = 100 * share;
  return percent > 0 && percent < 0.05 ? "<0.1 %" : `${percent.toFixed(1)} %`;
}

/** A time: whole milliseconds, seconds from one of them on. */
export function formatTime(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** `1 picture`, `2 pictures`. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : word.endsWith("s") ? "es" : "s"}`;
}

/** The file of a path, by itself. */
export function fileName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}

/** Words as a sentence: with a capital and a full stop. */
export function sentence(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
}
