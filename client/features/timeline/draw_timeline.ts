/** Draws the timeline: lines of probability, bands of classes, gaps, thumbnails and the time below them. */
import { centrePart } from "../../../shared/aspect.ts";
import { colourOf, mixed } from "../../../shared/class_colours.ts";
import type { Band, Gap } from "./bands.ts";
import type { Line } from "./lines.ts";
import { type Places, type Row, ticksOf, type Window, xOf } from "./places.ts";

/** Neutral colours of a theme, those of the style sheet. */
interface Neutrals {
  readonly surface: string;
  readonly line: string;
  readonly muted: string;
  readonly text: string;
  readonly accent: string;
}

const NEUTRALS: Readonly<Record<Theme, Neutrals>> = {
  dark: { surface: "#16191c", line: "#2b3035", muted: "#a3abb3", text: "#eef0f2", accent: "#8fbfee" },
  light: { surface: "#ffffff", line: "#d9dde1", muted: "#565d65", text: "#15181b", accent: "#1c5a96" },
};

/** In which colours it is drawn. */
export type Theme = "dark" | "light";

/** How the strokes of lines differ beside their colours: some people see these alone. */
const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 3], [9, 3, 2, 3]];

/** Share of a class's colour in a band that has words on it. */
const TINT = 0.3;

/** Smallest width of a band with words, in pixels. */
const WORDS_PX = 36;

const FONT = "500 11px Inter, system-ui, sans-serif";

/** A small picture at its time. */
export interface Thumbnail {
  readonly fromMs: number;
  readonly image: ImageBitmap;
}

/** What is drawn. */
export interface Drawing {
  readonly lines: readonly Line[];
  readonly bands: readonly Band[];
  readonly gaps: readonly Gap[];
  readonly thumbnails: readonly Thumbnail[];
  readonly window: Window;
  /** The moment that is looked at, in ms, or null. */
  readonly markMs: number | null;
  /** The part that is chosen, in ms, or null. */
  readonly chosen: Gap | null;
}

/** Draws it over whatever is there; the context is scaled to pixels of the page. */
export function drawTimeline(
  context: CanvasRenderingContext2D,
  drawing: Drawing,
  places: Places,
  theme: Theme,
): void {
  const neutrals = NEUTRALS[theme];
  const { lines, bands } = places;
  context.clearRect(0, 0, places.width, places.height);
  context.font = FONT;
  context.textBaseline = "middle";
  drawGrid(context, places, neutrals);
  for (const gap of drawing.gaps) drawGap(context, gap, drawing.window, places, neutrals);
  for (const line of drawing.lines.toReversed()) drawLine(context, line, drawing.window, places, theme);
  drawBands(context, drawing, places, theme);
  drawThumbnails(context, drawing, places);
  if (places.axis.height > 0) drawAxis(context, drawing.window, places, neutrals);
  if (drawing.chosen !== null) drawChosen(context, drawing.chosen, drawing.window, places, neutrals);
  if (drawing.markMs !== null) {
    const x = xOf(drawing.window, places.width, drawing.markMs);
    context.fillStyle = neutrals.text;
    context.fillRect(Math.min(places.width - 2, Math.max(0, x - 1)), 0, 2, bands.top + bands.height);
    context.beginPath();
    context.arc(x, lines.top, 4, 0, 2 * Math.PI);
    context.fill();
  }
}

/** The colour of a class in a theme. */
function hueOf(colour: number, theme: Theme): string {
  return colourOf(colour)[theme];
}

function drawGrid(context: CanvasRenderingContext2D, { lines, width }: Places, { line }: Neutrals): void {
  context.fillStyle = line;
  for (const share of [0, 0.5, 1]) {
    context.fillRect(0, Math.round(lines.top + lines.height * (1 - share)), width, 1);
  }
}

/** Where nothing was seen there is neither a line nor a band: a row of strokes says that this is no low value. */
function drawGap(
  context: CanvasRenderingContext2D,
  { fromMs, toMs }: Gap,
  window: Window,
  { lines, bands, width }: Places,
  { muted }: Neutrals,
): void {
  const [from, to] = [Math.max(0, xOf(window, width, fromMs)), xOf(window, width, toMs)];
  context.strokeStyle = muted;
  context.globalAlpha = 0.5;
  context.lineWidth = 1;
  context.setLineDash([1, 4]);
  context.beginPath();
  const middle = Math.round((lines.top + bands.top + bands.height) / 2) + 0.5;
  context.moveTo(from, middle);
  context.lineTo(to, middle);
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function drawLine(
  context: CanvasRenderingContext2D,
  { strokes, colour }: Line,
  window: Window,
  { lines, width }: Places,
  theme: Theme,
): void {
  context.strokeStyle = hueOf(colour, theme);
  context.lineWidth = 2;
  context.lineJoin = "round";
  context.setLineDash([...DASHES[colour % DASHES.length] ?? []]);
  context.beginPath();
  for (const stroke of strokes) {
    for (const [place, [atMs, probability]] of stroke.entries()) {
      const x = xOf(window, width, atMs);
      const y = lines.top + lines.height * (1 - probability);
      if (place === 0) context.moveTo(x, y);
      context.lineTo(place === 0 ? x + 0.5 : x, y);
    }
  }
  context.stroke();
  context.setLineDash([]);
}

function drawBands(
  context: CanvasRenderingContext2D,
  { bands, lines, window }: Drawing,
  { bands: row, width }: Places,
  theme: Theme,
): void {
  const { surface, muted, text } = NEUTRALS[theme];
  const colours = new Map(lines.map(({ key, colour }) => [key, colour]));
  const worded = row.height >= 20;
  for (const { fromMs, toMs, key, name } of bands) {
    const from = Math.max(0, xOf(window, width, fromMs));
    const wide = Math.max(2, xOf(window, width, toMs) - from - 1);
    const known = key === null ? undefined : colours.get(key);
    const colour = known === undefined ? muted : hueOf(known, theme);
    context.fillStyle = worded
      ? mixed(colour, surface, TINT)
      : mixed(colour, surface, key === null ? 0.4 : 1);
    context.fillRect(from, row.top, wide, row.height);
    if (!worded) continue;
    context.fillStyle = colour;
    context.fillRect(from, row.top, wide, 3);
    if (wide < WORDS_PX) continue;
    context.fillStyle = text;
    writeIn(context, key === null ? "not sure" : name, { from: from + 5, wide: wide - 8 }, row);
  }
}

/** Writes as much of the words as fits. */
function writeIn(
  context: CanvasRenderingContext2D,
  words: string,
  { from, wide }: { readonly from: number; readonly wide: number },
  { top, height }: Row,
): void {
  const chars = [...words];
  const written = () => chars.length === [...words].length ? words : `${chars.join("").trimEnd()}…`;
  while (chars.length > 1 && context.measureText(written()).width > wide) chars.pop();
  if (chars.length > 1) context.fillText(written(), from, top + 1.5 + height / 2);
}

function drawThumbnails(
  context: CanvasRenderingContext2D,
  { thumbnails, window }: Drawing,
  { thumbnails: { top, height }, width }: Places,
): void {
  if (height === 0) return;
  for (const { fromMs, image } of thumbnails) {
    const { x, y, width: wide, height: high } = centrePart(image.width, image.height, 1);
    context.drawImage(image, x, y, wide, high, Math.round(xOf(window, width, fromMs)), top, height, height);
  }
}

function drawAxis(
  context: CanvasRenderingContext2D,
  { spanMs }: Window,
  { axis, width }: Places,
  { muted }: Neutrals,
): void {
  context.fillStyle = muted;
  const ticks = ticksOf(spanMs);
  for (const [place, [seconds, words]] of ticks.entries()) {
    context.textAlign = place === 0 ? "left" : place === ticks.length - 1 ? "right" : "center";
    context.fillText(words, xOf({ endMs: 0, spanMs }, width, -1_000 * seconds), axis.top + axis.height / 2);
  }
  context.textAlign = "left";
}

function drawChosen(
  context: CanvasRenderingContext2D,
  { fromMs, toMs }: Gap,
  window: Window,
  { width, bands }: Places,
  { accent }: Neutrals,
): void {
  const [from, to] = [xOf(window, width, fromMs), xOf(window, width, toMs)];
  context.fillStyle = accent;
  context.globalAlpha = 0.2;
  context.fillRect(from, 0, to - from, bands.top + bands.height);
  context.globalAlpha = 1;
  context.fillRect(from, 0, 2, bands.top + bands.height);
  context.fillRect(to - 2, 0, 2, bands.top + bands.height);
}
