/** A drawn tree as an SVG file of its own, on white: what documents and slides take. Pure. */
import { colourOf, mixed } from "../../shared/class_colours.ts";
import { BOX, INSET, type TreeBox, type TreeLayout, type TreeLine } from "./tree_layout.ts";

/** Colours of print. */
const INK = "#15181b";
const MUTED = "#565d65";
const EDGE = "#878e96";
const PAPER = "#ffffff";

/** How much of a class's colour the box of rows of one class alone has. */
export const MOST_TINT = 0.38;

/** Where title and legend stand above the drawing, and how much room an entry of the legend takes. */
const HEAD = { height: 72, left: 24, title: 30, legend: 56 };
const ENTRY = { swatch: 12, gap: 20, letter: 7.6 };

/** Signs that mean something in XML. */
const SIGNS: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
]);

/** A text as XML has it; control characters and halves of surrogate pairs are no XML. */
function escaped(text: string): string {
  return text.toWellFormed().replaceAll(/\p{Cc}|[&<>"\ufffe\uffff]/gu, (sign) => SIGNS.get(sign) ?? " ");
}

/** What a file says above the drawing. */
export interface SvgWords {
  readonly title: string;
  readonly classes: readonly string[];
  /** Places of nodes that a row passes; empty: none. */
  readonly lit: ReadonlySet<number>;
}

/** An SVG document. */
export interface SvgFile {
  readonly text: string;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

/** Writes the drawing as it is laid out, closed boxes included. */
export function treeSvg(layout: TreeLayout, { title, classes, lit }: SvgWords): SvgFile {
  const entries = legendOf(classes);
  const width = Math.ceil(Math.max(layout.width, entries.width + 2 * HEAD.left));
  const height = Math.ceil(layout.height + HEAD.height);
  const left = (width - layout.width) / 2;
  const text = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="Inter, system-ui, 'Segoe UI', Roboto, Arial, sans-serif" font-size="13" fill="${INK}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="${PAPER}"/>`,
    `<text x="${HEAD.left}" y="${HEAD.title}" font-size="18" font-weight="600">${escaped(title)}</text>`,
    ...entries.marks,
    `<g transform="translate(${left} ${HEAD.height})">`,
    ...layout.lines.map((line) => lineMark(line, lit)),
    ...layout.boxes.map((box) => boxMark(box, lit)),
    `</g></svg>`,
  ].join("\n");
  return { text, width, height };
}

function legendOf(classes: readonly string[]): { readonly marks: readonly string[]; readonly width: number } {
  let x = HEAD.left;
  const marks = classes.map((name, place) => {
    const at = x;
    x += ENTRY.swatch + 8 + [...name].length * ENTRY.letter + ENTRY.gap;
    return `<rect x="${at}" y="${
      HEAD.legend - 11
    }" width="${ENTRY.swatch}" height="${ENTRY.swatch}" rx="3" ` +
      `fill="${colourOf(place).light}"/>` +
      `<text x="${at + ENTRY.swatch + 8}" y="${HEAD.legend}">${escaped(name)}</text>`;
  });
  return { marks, width: x - HEAD.left };
}

function lineMark(
  { from, to, path, width, answer, answerX, answerY }: TreeLine,
  lit: ReadonlySet<number>,
): string {
  const colour = lit.has(from) && lit.has(to) ? INK : EDGE;
  return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${width.toFixed(2)}"/>` +
    `<rect x="${(answerX - 15).toFixed(1)}" y="${
      (answerY - 10).toFixed(1)
    }" width="30" height="20" rx="10" fill="${PAPER}"/>` +
    `<text x="${answerX.toFixed(1)}" y="${
      (answerY + 4).toFixed(1)
    }" text-anchor="middle" font-size="12" fill="${MUTED}">` +
    `${answer}</text>`;
}

function boxMark(box: TreeBox, lit: ReadonlySet<number>): string {
  const { shown: { index, hidden }, x, y, majority, parts } = box;
  const isLit = lit.has(index);
  const fill = mixed(colourOf(majority.place).light, PAPER, MOST_TINT * majority.purity);
  return [
    `<g transform="translate(${x} ${y})"><title>${escaped(box.name)}</title>`,
    `<rect width="${BOX.width}" height="${BOX.height}" rx="10" fill="${fill}" stroke="${
      isLit ? INK : EDGE
    }" ` +
    `stroke-width="${isLit ? 3 : 1}"/>`,
    `<text x="${INSET}" y="23" font-weight="600">${escaped(box.title)}</text>`,
    `<text x="${INSET}" y="43">${escaped(box.detail)}</text>`,
    `<text x="${BOX.width - INSET}" y="43" text-anchor="end" font-size="12">${escaped(box.rows)}</text>`,
    ...parts.map((part) =>
      `<rect x="${part.x.toFixed(2)}" y="55" width="${part.width.toFixed(2)}" height="9" fill="${
        colourOf(part.place).light
      }"/>`
    ),
    hidden === 0
      ? ""
      : `<text x="${BOX.width / 2}" y="${
        BOX.height + 18
      }" text-anchor="middle" font-size="12" fill="${MUTED}">` +
        `${hidden} more</text>`,
    `</g>`,
  ].join("");
}
