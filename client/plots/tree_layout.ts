/** Where the boxes and lines of a drawn tree lie, in pixels at scale 1. Pure. */
// @ts-types="npm:@types/d3-hierarchy@3.1.7"
import { hierarchy, tree as tidyTree } from "d3-hierarchy";
// @ts-types="npm:@types/d3-shape@3.2.0"
import { linkVertical } from "d3-shape";
import { count, share, shortened, shortenedTo } from "./numbers.ts";
import { isSplit, rowsOf, type ShownNode } from "./shown_tree.ts";
import { answerOf, counted, type Majority, majorityOf, type TreeNames } from "./tree_words.ts";

/** Size of a box, and the distances between boxes beside and below each other. */
export const BOX = { width: 188, height: 76 };
const BESIDE = 20;
const BELOW = 60;

/** Room around the drawing. */
const MARGIN = 24;

/** Letters that a box has room for: of its second line beside the rows, and usual bold ones of its title. */
const MOST_LETTERS = 15;
const MOST_TITLE = 18.5;

/** Width of the thinnest and of the widest line: a line is the wider the more rows take it. */
const LINE = { thin: 1.5, wide: 10 };

/** How far along a line its answer stands; there both lines of a box lie apart already. */
const ANSWER_AT = 0.56;

/** A part of a box's bar: rows of one class. */
export interface BarPart {
  /** Place in the classes. */
  readonly place: number;
  readonly x: number;
  readonly width: number;
}

/** A drawn box. */
export interface TreeBox {
  readonly shown: ShownNode;
  /** Upper left corner. */
  readonly x: number;
  readonly y: number;
  /** First line, shortened to the box, and in full. */
  readonly title: string;
  readonly fullTitle: string;
  /** Second line: left and right. */
  readonly detail: string;
  readonly rows: string;
  readonly majority: Majority;
  /** From the box's left edge. */
  readonly parts: readonly BarPart[];
  /** For those who do not see it. */
  readonly name: string;
}

/** A drawn line between a box and one below it. */
export interface TreeLine {
  readonly from: number;
  readonly to: number;
  /** Path data of SVG. */
  readonly path: string;
  readonly width: number;
  readonly answer: "yes" | "no";
  readonly answerX: number;
  readonly answerY: number;
}

/** A drawing. */
export interface TreeLayout {
  readonly boxes: readonly TreeBox[];
  readonly lines: readonly TreeLine[];
  readonly width: number;
  readonly height: number;
}

/** Room between a bar and the box's edges. */
export const INSET = 12;

/** Lays a tree out from the top down, boxes of one depth on one line. */
export function layOut(root: ShownNode, names: TreeNames): TreeLayout {
  const placed = tidyTree<ShownNode>()
    .nodeSize([BOX.width + BESIDE, BOX.height + BELOW])
    .separation(() => 1)(hierarchy(root, ({ children }) => [...children]));
  const all = placed.descendants();
  const left = Math.min(...all.map(({ x }) => x)) - BOX.width / 2 - MARGIN;
  const boxes = all.map(({ data, x, y }) => boxOf(data, x - BOX.width / 2 - left, y + MARGIN, names));
  const byPlace = new Map(boxes.map((box) => [box.shown.index, box]));
  const total = Math.max(1, rowsOf(root.node));
  const lines = boxes.flatMap((to) => {
    const from = to.shown.parent === null ? undefined : byPlace.get(to.shown.parent.index);
    return from === undefined ? [] : [lineOf(from, to, total, names)];
  });
  return {
    ...{ boxes, lines },
    width: Math.max(...boxes.map(({ x }) => x)) + BOX.width + MARGIN,
    height: Math.max(...boxes.map(({ y }) => y)) + BOX.height + MARGIN,
  };
}

function boxOf(shown: ShownNode, x: number, y: number, names: TreeNames): TreeBox {
  const { node } = shown;
  const majority = majorityOf(node, names.classes);
  const { rows, all } = majority;
  const question = isSplit(node) ? names.ask(node.feature, node.threshold) : null;
  const fullTitle = question?.subject ?? majority.name;
  const ofAll = counted(all, names.unit);
  const below = shown.hidden === 0 ? "" : ` + ${shown.hidden} boxes below`;
  const detail = question !== null
    ? shortened(`${question.test} ?`, MOST_LETTERS)
    : rows === all
    ? `all ${ofAll}`
    : `${count(rows)} of ${ofAll}`;
  return {
    ...{ shown, x, y, majority, fullTitle, detail },
    title: shortenedTo(fullTitle, MOST_TITLE),
    rows: question === null ? "" : ofAll,
    parts: partsOf(shown),
    // It begins with the words that are seen, for those who say what they see.
    name: question === null
      ? `${fullTitle} ${detail}. An answer`
      : `${fullTitle} ${detail} ${ofAll}${below}, ${share(majority.share, 0)} ${majority.name}`,
  };
}

function partsOf({ node }: ShownNode): BarPart[] {
  const all = Math.max(1, rowsOf(node));
  const room = BOX.width - 2 * INSET;
  let x = INSET;
  const parts: BarPart[] = [];
  for (const [place, rows] of node.counts.entries()) {
    const width = room * rows / all;
    if (rows > 0) parts.push({ place, x, width });
    x += width;
  }
  return parts;
}

const link = linkVertical<unknown, readonly [number, number]>();

function lineOf(from: TreeBox, to: TreeBox, total: number, { ask }: TreeNames): TreeLine {
  const { node } = from.shown;
  const source = [from.x + BOX.width / 2, from.y + BOX.height] as const;
  const target = [to.x + BOX.width / 2, to.y] as const;
  // The line is a Bézier curve whose control points lie half-way down, above its ends.
  const along = (a: number, b: number, share: number) => a + (b - a) * share;
  return {
    from: from.shown.index,
    to: to.shown.index,
    path: link({ source, target }) ?? "",
    width: LINE.thin + (LINE.wide - LINE.thin) * rowsOf(to.shown.node) / total,
    answer: answerOf(ask(node.feature, node.threshold), to.shown.side ?? "left"),
    answerX: along(source[0], target[0], ANSWER_AT * ANSWER_AT * (3 - 2 * ANSWER_AT)),
    answerY: along(source[1], target[1], ANSWER_AT * (1.5 - 1.5 * ANSWER_AT + ANSWER_AT * ANSWER_AT)),
  };
}
