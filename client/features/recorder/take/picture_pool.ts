/**
 * Copies of pictures that wait for their maps. Copies rather than `VideoFrame`s: a camera has few buffers, and one that
 * runs out of them stops (Chromium on Linux: three).
 */
import { centrePart, sidesWithin } from "../../../../shared/aspect.ts";
import { fitInside } from "../../../picture/crop.ts";
import type { Drawable } from "../../../picture/square_encoder.ts";

/** What of a picture a film shows: all of it, or what the network sees. */
export type Crop = "whole" | "seen";

/** Canvases that are used again and again; each copy has its picture's own shape, as a camera may be turned. */
export class PicturePool {
  readonly #longest: number;
  readonly #crop: Crop;
  #free: CanvasRenderingContext2D[] = [];

  /** `longest`: longest side of a copy, in pixels; one of what the network sees always has this side. */
  constructor(longest: number, crop: Crop) {
    this.#longest = longest;
    this.#crop = crop;
  }

  /** Copies a picture; null where there is none yet. `aspect`: width over height of what the network sees of it. */
  take({ image, width, height }: Drawable, aspect: number): HTMLCanvasElement | null {
    if (width === 0 || height === 0) return null;
    const cut = this.#crop === "seen";
    const from = cut ? centrePart(width, height, aspect) : { x: 0, y: 0, width, height };
    const size = cut
      ? sidesWithin({ width: this.#longest, height: this.#longest }, aspect)
      : fitInside(width, height, this.#longest);
    const context = this.#free.pop() ?? this.#make();
    const { canvas } = context;
    // Setting a size, even the same one, clears a canvas and costs as much as drawing on it.
    if (canvas.width !== size.width) canvas.width = size.width;
    if (canvas.height !== size.height) canvas.height = size.height;
    context.drawImage(image, from.x, from.y, from.width, from.height, 0, 0, size.width, size.height);
    return canvas;
  }

  /** Returns a copy to the pool. */
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
    const context = canvas.getContext("2d", { alpha: false });
    if (context === null) throw new Error("Cannot record: the browser has no 2D canvas");
    return context;
  }
}
