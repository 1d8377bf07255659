/** Draws what a cover hides as the network sees it: the same fills as the server's (U2), in the canvas's own pixels. */
import type { Rect } from "../../shared/aspect.ts";
import { type Cover, COVER_SIDE, coveredCells, nearestVisible } from "../../shared/cover.ts";

/** Pixels of a cell's side. */
const CELL_PX = 14;

const SIDE_PX = COVER_SIDE * CELL_PX;

/** Parts along a side whose means are left of a picture out of focus, and a step on the way to them. */
const BLUR_PARTS = 8;
const BLUR_STEP = 64;

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [number, number, number];

/** Grey of a model that does not say what its zero looks like. */
export const MIDDLE_GREY: Colour = [127, 127, 127];

/** A picture, and the part of it that the network sees. */
export interface CoveredPicture {
  readonly image: CanvasImageSource;
  readonly part: Rect;
}

/** Whether a fill looks different on another picture. */
export function followsPicture({ fill }: Cover): boolean {
  return fill === "blur" || fill === "neighbour";
}

/** A canvas of a cover: its cells filled, the rest transparent. It is stretched over what the network sees. */
export class CoverPainter {
  readonly canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D | null;
  readonly #sheet = new Sheet(SIDE_PX);
  readonly #small = new Sheet(BLUR_PARTS);
  readonly #step = new Sheet(BLUR_STEP);
  /** What follows from the newest cover's cells. */
  #known: { readonly text: string; readonly cells: Uint8Array; nearest: Int16Array | null } | null = null;

  constructor(canvas: HTMLCanvasElement = document.createElement("canvas")) {
    this.canvas = canvas;
    canvas.width = SIDE_PX;
    canvas.height = SIDE_PX;
    this.#context = canvas.getContext("2d");
  }

  /** Draws a cover of a picture; null: nothing. Without a picture fills that follow it are grey. */
  paint(cover: Cover | null, picture: CoveredPicture | null, grey: Colour): void {
    const context = this.#context;
    if (context === null) return;
    context.resetTransform();
    context.clearRect(0, 0, SIDE_PX, SIDE_PX);
    if (cover === null) return;
    const { cells } = this.#of(cover);
    context.beginPath();
    for (let cell = 0; cell < cells.length; cell++) {
      if (cells[cell] === 1) context.rect(...cornerOf(cell), CELL_PX, CELL_PX);
    }
    context.fillStyle = cover.fill === "black" ? "#000" : `rgb(${grey.join(" ")})`;
    context.fill();
    if (picture === null || !followsPicture(cover)) return;
    if (cover.fill === "blur") this.#blur(context, picture);
    else this.#neighbours(context, cover, picture);
  }

  #of({ cells: text }: Cover): { readonly cells: Uint8Array; nearest: Int16Array | null } {
    if (this.#known?.text === text) return this.#known;
    this.#known = { text, cells: coveredCells({ cells: text }), nearest: null };
    return this.#known;
  }

  #blur(context: CanvasRenderingContext2D, { image, part }: CoveredPicture): void {
    const { x, y, width, height } = part;
    this.#step.draw(image, x, y, width, height);
    this.#small.draw(this.#step.canvas, 0, 0, BLUR_STEP, BLUR_STEP);
    // Only where the cells are.
    context.globalCompositeOperation = "source-atop";
    context.imageSmoothingEnabled = true;
    context.drawImage(this.#small.canvas, 0, 0, SIDE_PX, SIDE_PX);
    context.globalCompositeOperation = "source-over";
  }

  #neighbours(context: CanvasRenderingContext2D, cover: Cover, { image, part }: CoveredPicture): void {
    const { x, y, width, height } = part;
    this.#sheet.draw(image, x, y, width, height);
    const known = this.#of(cover);
    const nearest = known.nearest ??= nearestVisible(known.cells);
    for (const [cell, from] of nearest.entries()) {
      if (from < 0) continue;
      const [left, top] = cornerOf(cell);
      const [fromLeft, fromTop] = cornerOf(from);
      const across = (left - fromLeft) / CELL_PX % 2 === 0 ? 1 : -1;
      const down = (top - fromTop) / CELL_PX % 2 === 0 ? 1 : -1;
      context.setTransform(
        ...[across, 0, 0, down] as const,
        ...[across > 0 ? left : left + CELL_PX, down > 0 ? top : top + CELL_PX] as const,
      );
      const sheet = this.#sheet.canvas;
      context.drawImage(sheet, fromLeft, fromTop, CELL_PX, CELL_PX, 0, 0, CELL_PX, CELL_PX);
    }
    context.resetTransform();
  }
}

/** Left and top of a cell, in pixels. */
function cornerOf(cell: number): readonly [number, number] {
  return [cell % COVER_SIDE * CELL_PX, Math.floor(cell / COVER_SIDE) * CELL_PX];
}

/** A square canvas that is made when it is first drawn on. */
class Sheet {
  readonly canvas = document.createElement("canvas");
  readonly #side: number;

  constructor(side: number) {
    this.#side = side;
  }

  draw(image: CanvasImageSource, x: number, y: number, width: number, height: number): void {
    const { canvas } = this;
    if (canvas.width !== this.#side) canvas.width = canvas.height = this.#side;
    const context = canvas.getContext("2d", { alpha: false });
    if (context === null) return;
    context.imageSmoothingQuality = "high";
    context.drawImage(image, x, y, width, height, 0, 0, this.#side, this.#side);
  }
}
