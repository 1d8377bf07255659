/** Where a picture, and what the network sees of it, lie in a frame of another shape. Pure; all in pixels. */
import { centrePart, type Rect } from "../../shared/aspect.ts";

/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where a picture lies in a frame. */
export interface Placement {
  readonly picture: Rect;
  /** The part in its middle that the network sees. */
  readonly crop: Rect;
}

/**
 * Places a picture in a frame: as large as fits, undistorted, in the middle.
 *
 * Every edge is an even number of pixels: between two pixels an edge would be a seam, and video keeps colour for pairs of
 * pixels only. So an edge lies at most two pixels from where it would be without rounding.
 *
 * @param aspect width over height of what the network sees
 * @param frame even numbers, as {@link filmSize} gives them
 */
export function placeInside(picture: Size, aspect: number, frame: Size): Placement {
  const by = Math.min(frame.width / picture.width, frame.height / picture.height);
  const shown = {
    width: Math.min(frame.width, even(picture.width * by)),
    height: Math.min(frame.height, even(picture.height * by)),
  };
  const box: Rect = {
    ...shown,
    x: even((frame.width - shown.width) / 2),
    y: even((frame.height - shown.height) / 2),
  };
  const part = centrePart(shown.width, shown.height, aspect);
  const size = { width: Math.max(2, even(part.width)), height: Math.max(2, even(part.height)) };
  const [x, y] = [even((shown.width - size.width) / 2), even((shown.height - size.height) / 2)];
  return { picture: box, crop: { ...size, x: box.x + x, y: box.y + y } };
}

/**
 * Returns a film's size in pixels: that of the picture, even as encoders want it, never larger.
 *
 * @param longest longest side at most
 * @param most pixels of a picture at most
 */
export function filmSize(picture: Size, longest: number, most: number): Size {
  const { width, height } = picture;
  const by = Math.min(1, longest / Math.max(width, height), Math.sqrt(most / (width * height)));
  return { width: Math.max(2, even(width * by)), height: Math.max(2, even(height * by)) };
}

function even(length: number): number {
  return 2 * Math.round(length / 2);
}
