/**
 * Copies of pictures that wait for their maps. Copies rather than `VideoFrame`s: a camera has few buffers, and one that
 * runs out of them stops (Chromium on Linux: three).
 */
import { centreSquare } from "../source/crop.ts";
import type { Drawable } from "../source/square_encoder.ts";

/** What of a picture a film shows. */
export type Crop = "whole" | "square";

/** Canvases of one size, used again and again. */
export class PicturePool {
  readonly #width: number;
  readonly #height: number;
  readonly #crop: Crop;
  #free: CanvasRenderingContext2D[] = [];

  /** `width`, `height`: of every copy, in px. */
  constructor(width: number, height: number, crop: Crop) {
    this.#width = width;
    this.#height = height;
    this.#crop = crop;
  }

  /** Copies a picture. */
  take({ image, width, height }: Drawable): HTMLCanvasElement {
    const context = this.#free.pop() ?? this.#make();
    const { canvas } = context;
    const from = this.#crop === "square" ? centreSquare(width, height) : { x: 0, y: 0, width, height };
    context.drawImage(image, from.x, from.y, from.width, from.height, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  /** Gives a copy back. */
  give(canvas: HTMLCanvasElement): void {
    const context = canvas.getContext("2d");
    if (context !== null) this.#free.push(context);
  }

  /** Frees the memory at once rather than when the canvases are collected. */
  dispose(): void {
    for (const { canvas } of this.#free) canvas.width = canvas.height = 0;
    this.#free = [];
  }

  #make(): CanvasRenderingContext2D {
    const canvas = document.createElement("canvas");
    canvas.width = this.#width;
    canvas.height = this.#height;
    const context = canvas.getContext("2d", { alpha: false });
    if (context === null) throw new Error("Cannot record as the browser gives no 2D canvas");
    return context;
  }
}

/** Size of a film in px: that of the picture, even as encoders want it, the longer side at most `longest`. */
export function filmSize(width: number, height: number, longest: number): { width: number; height: number } {
  const by = Math.min(1, longest / Math.max(width, height));
  const even = (side: number) => Math.max(2, 2 * Math.round(side * by / 2));
  return { width: even(width), height: even(height) };
}
