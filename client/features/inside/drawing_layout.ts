/** Where the parts of the drawing lie. Pure. */

/** Side of a thumbnail, which is a touch target, in pixels. */
export const THUMB_PX = 44;

/** Room for the lines between two stages at least, in pixels, where stages stand side by side. */
const LEAST_GAP_PX = 20;

/** Room between thumbnails of a stage, and for lines between stages that stand one below the other. */
const ROW_GAP_PX = 8;
const DOWN_GAP_PX = 40;

/** Room for a stage's name above its thumbnails, or beside them. */
const NAME_PX = 34;

/** Room for the class behind the last stage: its name stands upright there. */
const CLASS_PX = 22;

/** A place in the drawing, in pixels from its upper left corner. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** The drawing laid out. */
export interface DrawingLayout {
  /** Stages from left to right, or from top to bottom where the room is narrow. */
  readonly flow: "across" | "down";
  readonly width: number;
  readonly height: number;
  /** `[stages]` the upper left corner of each stage's name. */
  readonly names: readonly Place[];
  /** `[stages][rows]` the upper left corner of each thumbnail. */
  readonly thumbs: readonly (readonly Place[])[];
  /** Where the lines to the class end. */
  readonly target: Place;
}

/** Lays stages with so many channels out in a width, in pixels. */
export function layOut(width: number, rows: readonly number[]): DrawingLayout {
  const stages = Math.max(1, rows.length);
  const gap = (width - stages * THUMB_PX - CLASS_PX) / stages;
  const most = Math.max(1, ...rows);
  if (gap >= LEAST_GAP_PX) {
    const columnOf = (at: number) => at * (THUMB_PX + gap);
    const height = NAME_PX + most * (THUMB_PX + ROW_GAP_PX) - ROW_GAP_PX;
    return {
      flow: "across",
      width,
      height,
      names: rows.map((_, at) => ({ x: columnOf(at), y: 0 })),
      thumbs: rows.map((count, at) =>
        Array.from({ length: count }, (_, row) => ({
          x: columnOf(at),
          y: NAME_PX + row * (THUMB_PX + ROW_GAP_PX),
        }))
      ),
      target: { x: width - CLASS_PX, y: NAME_PX + (height - NAME_PX) / 2 },
    };
  }
  const step = Math.min(THUMB_PX + ROW_GAP_PX, (width - THUMB_PX) / Math.max(1, most - 1));
  const lineOf = (at: number) => at * (THUMB_PX + NAME_PX + DOWN_GAP_PX);
  const height = lineOf(stages) + NAME_PX;
  return {
    flow: "down",
    width,
    height,
    names: rows.map((_, at) => ({ x: 0, y: lineOf(at) })),
    thumbs: rows.map((count, at) =>
      Array.from({ length: count }, (_, row) => ({ x: row * step, y: lineOf(at) + NAME_PX }))
    ),
    target: { x: ((most - 1) * step + THUMB_PX) / 2, y: lineOf(stages) },
  };
}

/** The curve of a line from a thumbnail to the next stage's, or to the class, as the path of an SVG. */
export function curveOf(flow: DrawingLayout["flow"], from: Place, to: Place, isTarget: boolean): string {
  const half = THUMB_PX / 2;
  if (flow === "across") {
    const [x1, y1] = [from.x + THUMB_PX, from.y + half];
    const [x2, y2] = [to.x, isTarget ? to.y : to.y + half];
    const middle = (x1 + x2) / 2;
    return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
  }
  const [x1, y1] = [from.x + half, from.y + THUMB_PX];
  const [x2, y2] = [isTarget ? to.x : to.x + half, to.y];
  const middle = (y1 + y2) / 2;
  return `M${x1} ${y1}C${x1} ${middle} ${x2} ${middle} ${x2} ${y2}`;
}
