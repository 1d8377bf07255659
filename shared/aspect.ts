/** The shape of a model's input, and the part of a picture that has it: one number for everything that is drawn. */

/** Width and height, in pixels or cells. */
export interface Sides {
  readonly width: number;
  readonly height: number;
}

/** A rectangle inside a picture. */
export interface Rect extends Sides {
  readonly x: number;
  readonly y: number;
}

/** Width over height; 1 for a square. */
export function aspectOf({ width, height }: Sides): number {
  return width / height;
}

/** Returns the largest part in the middle of a picture whose width is `aspect` times its height (F8). */
export function centrePart(width: number, height: number, aspect: number): Rect {
  const part = { width: Math.min(width, height * aspect), height: Math.min(height, width / aspect) };
  return { x: (width - part.width) / 2, y: (height - part.height) / 2, ...part };
}

/** Returns the largest sides of a shape within others, in whole pixels, at least 1. */
export function sidesWithin({ width, height }: Sides, aspect: number): Sides {
  const part = centrePart(width, height, aspect);
  return { width: Math.max(1, Math.round(part.width)), height: Math.max(1, Math.round(part.height)) };
}
