/** The newest explained picture on a watch page. */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
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

  /** Draws a bitmap, and closes it. */
  show(bitmap: ImageBitmap): void {
    const { canvas } = this;
    if (canvas.width !== bitmap.width) canvas.width = bitmap.width;
    if (canvas.height !== bitmap.height) canvas.height = bitmap.height;
    this.#context?.drawImage(bitmap, 0, 0);
    bitmap.close();
    this.#shown.value = true;
  }
}

/** Decodes a frame's picture; null where it is broken. */
export async function decodePicture({ picture, format }: Frame): Promise<ImageBitmap | null> {
  return await createImageBitmap(new Blob([picture], { type: `image/${format}` })).catch(() => null);
}
