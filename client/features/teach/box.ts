/** The box around an object: drawn by pointer, moved and resized by keys. Pure. */
import type { Box } from "../../../shared/teach_wire.ts";

/** The smallest side of a box, as a share of the picture's. */
export const LEAST_SIDE = 0.05;

/** What a class begins with that has no box. */
export const FIRST_BOX: Box = { top: 0.2, left: 0.2, height: 0.6, width: 0.6 };

/** A place on the picture, as shares of its sides. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** The box between two places, cut to the picture. */
export function boxBetween(from: Place, to: Place): Box {
  const inside = (value: number) => Math.min(1, Math.max(0, value));
  const [x1, x2] = [inside(Math.min(from.x, to.x)), inside(Math.max(from.x, to.x))];
  const [y1, y2] = [inside(Math.min(from.y, to.y)), inside(Math.max(from.y, to.y))];
  const left = Math.min(x1, 1 - LEAST_SIDE);
  const top = Math.min(y1, 1 - LEAST_SIDE);
  return {
    top,
    left,
    height: Math.max(LEAST_SIDE, y2 - top),
    width: Math.max(LEAST_SIDE, x2 - left),
  };
}

/** The four sides of a box, as people set them. */
export const SIDES = ["left", "right", "top", "bottom"] as const;
export type Side = typeof SIDES[number];

/** Where a side of a box lies, 0…1. */
export function sideOf({ top, left, height, width }: Box, side: Side): number {
  switch (side) {
    case "left":
      return left;
    case "right":
      return left + width;
    case "top":
      return top;
    case "bottom":
      return top + height;
    default: {
      const _never: never = side;
      return _never;
    }
  }
}

/** Moves one side; the opposite one stays. */
export function withSide(box: Box, side: Side, value: number): Box {
  const at = Math.min(1, Math.max(0, value));
  const [right, bottom] = [box.left + box.width, box.top + box.height];
  switch (side) {
    case "left": {
      const left = Math.min(at, right - LEAST_SIDE);
      return { ...box, left, width: right - left };
    }
    case "right":
      return { ...box, width: Math.max(LEAST_SIDE, at - box.left) };
    case "top": {
      const top = Math.min(at, bottom - LEAST_SIDE);
      return { ...box, top, height: bottom - top };
    }
    case "bottom":
      return { ...box, height: Math.max(LEAST_SIDE, at - box.top) };
    default: {
      const _never: never = side;
      return _never;
    }
  }
}

/** Lays an element over the box. */
export function boxStyle({ top, left, height, width }: Box) {
  const part = (share: number) => `${(100 * share).toFixed(2)}%`;
  return { top: part(top), left: part(left), height: part(height), width: part(width) };
}
