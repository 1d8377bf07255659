/** The newest explained picture on a watch page. */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { centrePart, sidesWithin } from "../../shared/aspect.ts";
import type { Frame } from "../../shared/codec.ts";

/** A canvas with the newest picture. */
export class WatchPicture {
  readonly canvas: HTMLCanvasElement = document.createElement("canvas");
  readonly #context: CanvasRenderingContext2D | null;
  readonly #shown: Signal<boolean> = signal(false);

  constructor() {
    this.canvas.className = "watch-picture";
    this.canvas.setAttribute("aria-hidden", "true");
    this.#context = this.canvas.getContext("2d", { alpha: false });
  }

  /** Whether there is a picture yet. */
  get shown(): ReadonlySignal<boolean> {
    return this.#shown;
  }

  /** Draws what a model sees of a bitmap, and closes it; `aspect`: width over height of that. */
  show(bitmap: ImageBitmap, aspect: number): void {
    const { canvas } = this;
    const { width, height } = sidesWithin(bitmap, aspect);
    const from = centrePart(bitmap.width, bitmap.height, aspect);
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    this.#context?.drawImage(bitmap, from.x, from.y, from.width, from.height, 0, 0, width, height);
    bitmap.close();
    this.#shown.value = true;
  }
}

/** Decodes a frame's picture; null where it is broken. */
export async function decodePicture({ picture, format }: Frame): Promise<ImageBitmap | null> {
  return await createImageBitmap(new Blob([picture], { type: `image/${format}` })).catch(() => null);
}
