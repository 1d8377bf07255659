/** Where the tour's words stand: beside what they speak of, never over it. Pure. */

/** A rectangle in the window, in px. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A size in px. */
export type Size = Pick<Rectangle, "width" | "height">;

/** Room to the edges of the window and to what is spoken of, in px. */
const GAP = 12;

/** Returns where a box of this size stands in the window; where there is no room beside, it hides as little as it can. */
export function placeBeside(about: Rectangle, box: Size, window: Size): Pick<Rectangle, "left" | "top"> {
  const right = about.left + about.width;
  const bottom = about.top + about.height;
  const across = about.left + (about.width - box.width) / 2;
  // Level with its lower end: what stands first beside a picture is its answer.
  const along = bottom - box.height;
  const places = [
    { left: right + GAP, top: along },
    { left: across, top: bottom + GAP },
    { left: about.left - GAP - box.width, top: along },
    { left: across, top: about.top - GAP - box.height },
    { left: window.width - GAP - box.width, top: window.height - GAP - box.height },
    { left: window.width - GAP - box.width, top: GAP },
  ].map(({ left, top }) => ({
    left: within(left, window.width - box.width),
    top: within(top, window.height - box.height),
  }));
  const hidden = places.map((place) => overlap(about, { ...place, ...box }));
  const least = Math.min(...hidden);
  return places[hidden.indexOf(least)] ?? { left: GAP, top: GAP };
}

function within(at: number, most: number): number {
  return Math.max(GAP, Math.min(most - GAP, at));
}

/** Area that two rectangles share, in px². */
function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  return Math.max(0, width) * Math.max(0, height);
}
