/** Draws captions and legends: along the top of a film, as players have their controls along the bottom. */
import { colourStops } from "../map/gradient.ts";
import type { FilmCaption, FilmLegend } from "./film_caption.ts";

const FAMILY = "Inter, system-ui, sans-serif";

/** Height of the title as a share of the shorter side, and at least, in pixels: smaller words cannot be read. */
const TITLE_SHARE = 0.05;
const MIN_TITLE_PX = 16;

/** The other words as a share of the title, and at least, in pixels. */
const DETAIL_SHARE = 0.56;
const MIN_DETAIL_PX = 11;

/** A frame narrower than this many times the title's height has the legend below the words. */
const NARROW = 24;

/** Lines that a sentence has at most, and their height as a share of the small words. */
const SENTENCE_LINES = 2;
const LINE = 1.4;

/** Smallest share of its size to which a title that is too long is made smaller before it is cut. */
const SMALLEST_SHARE = 0.7;

/** Sizes of a caption in pixels. */
interface Measures {
  readonly title: number;
  readonly detail: number;
  readonly pad: number;
  readonly height: number;
  readonly narrow: boolean;
}

/** Measures words in pixels: the part of a canvas that is needed for it. */
interface TextRuler {
  measureText(text: string): { readonly width: number };
}

/** Draws the caption over the top of the context's canvas. */
export function drawCaption(context: CanvasRenderingContext2D, caption: FilmCaption): void {
  const { width } = context.canvas;
  const measures = measure(context.canvas, caption);
  const { title, detail, pad, height, narrow } = measures;
  context.save();
  context.fillStyle = "rgb(0 0 0 / 72%)";
  context.fillRect(0, 0, width, height);
  context.textBaseline = "middle";
  const legend = caption.legend === null ? 0 : legendPlaces(context, caption.legend, detail).width;
  const room = width - 2 * pad - (narrow || legend === 0 ? 0 : legend + 2 * pad);
  const titleY = pad / 2 + title * 0.6;
  const detailY = titleY + title * 0.6 + detail * 0.75;
  context.fillStyle = "#fff";
  writeFitting(context, caption.title, pad, titleY, title, room);
  context.fillStyle = "#d3d7da";
  context.font = `400 ${detail}px ${FAMILY}`;
  context.fillText(cutTo(context, caption.detail, room), pad, detailY);
  const lines = caption.sentence === undefined
    ? []
    : linesOf(context, caption.sentence, width - 2 * pad, SENTENCE_LINES);
  for (const [place, line] of lines.entries()) {
    context.fillText(line, pad, detailY + detail * LINE * (place + 1));
  }
  if (caption.legend !== null) {
    const below = sentenceHeight(caption, detail);
    const at = narrow
      ? { x: pad, y: detailY + detail * 1.5 + below }
      : { x: width - pad - legend, y: (height - below) / 2 };
    drawLegend(context, caption.legend, at, detail);
  }
  context.restore();
}

/** Sizes follow the frame alone, so that the strip never jumps while words change. */
function measure({ width, height }: HTMLCanvasElement, caption: FilmCaption): Measures {
  const { legend } = caption;
  const title = Math.max(MIN_TITLE_PX, Math.round(TITLE_SHARE * Math.min(width, height)));
  const detail = Math.max(MIN_DETAIL_PX, Math.round(DETAIL_SHARE * title));
  const pad = Math.round(title / 2);
  const narrow = width < NARROW * title;
  const rows = title * 1.2 + detail * (narrow && legend !== null ? 3 : 1.5) + sentenceHeight(caption, detail);
  return { title, detail, pad, narrow, height: 2 * Math.round((pad + rows) / 2) };
}

function sentenceHeight({ sentence }: FilmCaption, detail: number): number {
  return sentence === undefined ? 0 : SENTENCE_LINES * LINE * detail;
}

/** Breaks words into lines of a room in pixels; the last one is cut where they are too many. */
export function linesOf(
  context: TextRuler,
  words: string,
  room: number,
  most: number,
): readonly string[] {
  const lines: string[] = [];
  let rest = words.split(" ").filter((word) => word !== "");
  while (rest.length > 0 && lines.length < most) {
    let count = 1;
    while (count < rest.length && context.measureText(rest.slice(0, count + 1).join(" ")).width <= room) {
      count++;
    }
    const isLast = lines.length === most - 1;
    lines.push(cutTo(context, (isLast ? rest : rest.slice(0, count)).join(" "), room));
    rest = rest.slice(count);
  }
  return lines;
}

/** Width of a legend's bar and its height as multiples of its words' height. */
const BAR_WIDE = 6;
const BAR_HIGH = 0.6;

/** Pieces of a legend whose words have a height, from left to right, in pixels from its beginning. */
export function legendPlaces(
  context: CanvasRenderingContext2D,
  { low, high, unit }: FilmLegend,
  size: number,
) {
  context.font = `500 ${size}px ${FAMILY}`;
  const gap = Math.round(size * 0.5);
  const bar = Math.ceil(context.measureText(low).width) + gap;
  const words = `${high} ${unit}`;
  const end = bar + Math.round(size * BAR_WIDE) + gap;
  return { bar, end, words, width: end + Math.ceil(context.measureText(words).width) };
}

/** Draws a legend from a point at its left, in the middle of its height. */
export function drawLegend(
  context: CanvasRenderingContext2D,
  legend: FilmLegend,
  { x, y }: { readonly x: number; readonly y: number },
  size: number,
): void {
  const { bar, end, words } = legendPlaces(context, legend, size);
  const [left, wide, thick] = [Math.round(x + bar), Math.round(size * BAR_WIDE), Math.round(size * BAR_HIGH)];
  context.textBaseline = "middle";
  context.fillStyle = "#fff";
  context.fillText(legend.low, x, y);
  context.fillText(words, x + end, y);
  const gradient = context.createLinearGradient(left, 0, left + wide, 0);
  const stops = colourStops(legend.colormap, legend.upper);
  for (const [place, colour] of stops.entries()) gradient.addColorStop(place / (stops.length - 1), colour);
  context.fillStyle = gradient;
  context.fillRect(left, Math.round(y - thick / 2), wide, thick);
}

/** Writes words smaller where they are too long, and cuts them where that does not do. */
function writeFitting(
  context: CanvasRenderingContext2D,
  words: string,
  x: number,
  y: number,
  size: number,
  room: number,
): void {
  context.font = `600 ${size}px ${FAMILY}`;
  const share = room / Math.max(1, context.measureText(words).width);
  if (share < 1) context.font = `600 ${Math.floor(size * Math.max(SMALLEST_SHARE, share))}px ${FAMILY}`;
  context.fillText(cutTo(context, words, room), x, y);
}

/** Leaves out the end of words that are wider than a room in pixels, and says so by an ellipsis. */
export function cutTo(
  context: TextRuler,
  words: string,
  room: number,
): string {
  if (context.measureText(words).width <= room) return words;
  const chars = [...words];
  while (chars.length > 0 && context.measureText(`${chars.join("").trimEnd()}…`).width > room) chars.pop();
  return `${chars.join("").trimEnd()}…`;
}
