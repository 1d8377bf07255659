/** Where things stand on the drawn timeline, in pixels of the page. Pure. */

/** Which timeline is drawn: the strip, the opened one, or the one of an exported picture. */
export type PlotKind = "compact" | "open" | "picture";

/** A row of the drawing. */
export interface Row {
  readonly top: number;
  readonly height: number;
}

/** The rows of a drawing; a row of no height is not drawn. */
export interface Places {
  readonly width: number;
  readonly height: number;
  readonly lines: Row;
  readonly bands: Row;
  readonly thumbnails: Row;
  readonly axis: Row;
}

/** Heights of the rows below the lines, from above. */
const BELOW: Readonly<
  Record<PlotKind, { readonly bands: number; readonly thumbnails: number; readonly axis: number }>
> = {
  compact: { bands: 10, thumbnails: 0, axis: 0 },
  open: { bands: 22, thumbnails: 44, axis: 16 },
  picture: { bands: 26, thumbnails: 72, axis: 20 },
};

/** Between two rows. */
const SPACE = 2;

/** Room above a line at 100 %. */
const HEAD = 3;

/** Places the rows of a drawing of this size. */
export function placesIn(kind: PlotKind, width: number, height: number): Places {
  const { bands, thumbnails, axis } = BELOW[kind];
  const spaces = SPACE * [bands, thumbnails, axis].filter((row) => row > 0).length;
  const lines = { top: HEAD, height: Math.max(8, height - HEAD - bands - thumbnails - axis - spaces) };
  const bandsTop = lines.top + lines.height + SPACE;
  const thumbnailsTop = bandsTop + bands + SPACE;
  return {
    width,
    height,
    lines,
    bands: { top: bandsTop, height: bands },
    thumbnails: { top: thumbnailsTop, height: thumbnails },
    axis: { top: thumbnailsTop + thumbnails + (thumbnails > 0 ? SPACE : 0), height: axis },
  };
}

/** The time that a drawing shows, in ms on the timeline. */
export interface Window {
  readonly endMs: number;
  readonly spanMs: number;
}

/** Times that a drawing may show, in ms: one that has just begun is not left empty. */
const SPANS_MS = [30_000, 60_000, 120_000];

/** Returns how much time a drawing shows in which `heldMs` are remembered, in ms. */
export function spanFor(heldMs: number): number {
  return SPANS_MS.find((span) => heldMs <= span) ?? 120_000;
}

/** Returns the times that are named below a drawing, in s before its end, and their words. */
export function ticksOf(spanMs: number): readonly (readonly [seconds: number, words: string])[] {
  const spanS = spanMs / 1_000;
  const stepS = spanS > 60 ? 30 : spanS > 30 ? 15 : 10;
  const ticks: (readonly [number, string])[] = [];
  for (let seconds = spanS; seconds >= 0; seconds -= stepS) ticks.push([seconds, tickWords(seconds, spanS)]);
  return ticks;
}

function tickWords(seconds: number, spanS: number): string {
  if (seconds === 0) return "now";
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  const length = minutes === 0
    ? `${rest} s`
    : rest === 0
    ? `${minutes} min`
    : `${minutes}:${String(rest).padStart(2, "0")}`;
  return seconds === spanS ? `${length} ago` : length;
}

/** Where a time lies from the left. */
export function xOf({ endMs, spanMs }: Window, width: number, atMs: number): number {
  return width * (1 - (endMs - atMs) / spanMs);
}

/** Which time lies at a distance from the left, never outside of the drawing. */
export function timeAt({ endMs, spanMs }: Window, width: number, x: number): number {
  return endMs - spanMs * (1 - Math.min(1, Math.max(0, x / width)));
}
