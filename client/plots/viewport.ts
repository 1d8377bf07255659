/** Which part of a drawing a window shows, and how large: moving, zooming, fitting. Pure; all lengths in pixels. */

/** A point of the drawing lies in the window at `scale` times itself plus (`x`, `y`). */
export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** Size of a window or of a drawing. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A point of the window. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle of the drawing. */
export interface Area extends Point, Size {}

/** Smallest and largest scale, and the smallest at which letters are read without effort. */
const SCALES = { least: 0.08, most: 3, legible: 0.72 };

/** How much of a drawing stays in the window, however far it is moved. */
const KEPT = 48;

/** Room that is left around what is brought into sight. */
const AROUND = 16;

function bounded(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), Math.max(least, most));
}

/** Keeps a part of the drawing in the window. */
function kept(view: Viewport, drawing: Size, window: Size): Viewport {
  const { scale } = view;
  return {
    scale,
    x: bounded(view.x, KEPT - drawing.width * scale, window.width - KEPT),
    y: bounded(view.y, KEPT - drawing.height * scale, window.height - KEPT),
  };
}

/** Shows the whole drawing, in its own size at most, in the middle and from the top. */
export function fitted(drawing: Size, window: Size): Viewport {
  const fits = Math.min(window.width / drawing.width, window.height / drawing.height, 1);
  const scale = bounded(fits, SCALES.least, SCALES.most);
  return { scale, x: (window.width - drawing.width * scale) / 2, y: 0 };
}

/** Whether letters are read without effort. */
export function isLegible({ scale }: Viewport): boolean {
  return scale >= SCALES.legible;
}

/** Shows the whole drawing where it is legible then, else its area `first` at the top, legible. */
export function firstView(drawing: Size, window: Size, first: Area): Viewport {
  const whole = fitted(drawing, window);
  if (isLegible(whole)) return whole;
  const scale = SCALES.legible;
  const middle = first.x + first.width / 2;
  return { scale, x: window.width / 2 - middle * scale, y: AROUND - first.y * scale };
}

/** Moves the drawing. */
export function panned(view: Viewport, by: Point, drawing: Size, window: Size): Viewport {
  return kept({ ...view, x: view.x + by.x, y: view.y + by.y }, drawing, window);
}

/** Zooms by `factor`; the point of the drawing at `at` stays there. */
export function zoomed(view: Viewport, factor: number, at: Point, drawing: Size, window: Size): Viewport {
  const scale = bounded(view.scale * factor, SCALES.least, SCALES.most);
  const ratio = scale / view.scale;
  return kept(
    { scale, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio },
    drawing,
    window,
  );
}

/** Whether a zoom by `factor` changes anything: at the ends of the scale a wheel scrolls the page. */
export function canZoom({ scale }: Viewport, factor: number): boolean {
  return factor > 1 ? scale < SCALES.most : scale > SCALES.least;
}

/** Moves as little as shows an area in the window; of one that is larger, its beginning. */
export function revealed(view: Viewport, area: Area, window: Size): Viewport {
  const along = (at: number, from: number, length: number, room: number) => {
    const start = at + from * view.scale;
    const latest = room - AROUND - length * view.scale;
    return at + bounded(start, AROUND, latest) - start;
  };
  return {
    scale: view.scale,
    x: along(view.x, area.x, area.width, window.width),
    y: along(view.y, area.y, area.height, window.height),
  };
}

/** Keeps a point of the drawing where it is while the drawing around it changes. */
export function anchored(view: Viewport, before: Point, after: Point): Viewport {
  const { scale } = view;
  return { scale, x: view.x + (before.x - after.x) * scale, y: view.y + (before.y - after.y) * scale };
}
