/** Geometry of pictures as they are shown; all in pixels. */
import type { Rect } from "../../shared/aspect.ts";

/** Share of the picture's sides that the pan leaves out at most. */
const PAN_ZOOM = 0.08;

/** Time of one turn of the pan, in ms. */
const PAN_TURN_MS = 24_000;

/** Returns the part of a picture that a slow pan shows at a time: an ellipse with a gentle zoom, same proportions. */
export function panRect(width: number, height: number, nowMs: number): Rect {
  const turn = nowMs / PAN_TURN_MS * 2 * Math.PI;
  const zoom = 1 - PAN_ZOOM * (0.75 + 0.25 * Math.sin(turn * 1.5));
  const shown = { width: width * zoom, height: height * zoom };
  return {
    ...shown,
    x: (width - shown.width) * (0.5 + 0.5 * Math.cos(turn)),
    y: (height - shown.height) * (0.5 + 0.5 * Math.sin(turn)),
  };
}

/** Returns the size that fits a picture into `longest` without making it larger, in whole pixels. */
export function fitInside(width: number, height: number, longest: number): { width: number; height: number } {
  const by = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * by)), height: Math.max(1, Math.round(height * by)) };
}
