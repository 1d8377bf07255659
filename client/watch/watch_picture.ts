/** The newest explained picture on a watch page. */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { type Colour, CoverPainter, MIDDLE_GREY } from "../map/cover_painter.ts";
import { centrePart, sidesWithin } from "../../shared/aspect.ts";
import { type Cover, sameCover } from "../../shared/cover.ts";
import type { Frame } from "../../shared/codec.ts";

/** A canvas with the newest picture, and what is covered of it as the network sees it. */
export class WatchPicture {
  readonly canvas: HTMLCanvasElement = document.createElement("canvas");
  readonly #context: CanvasRenderingContext2D | null;
  readonly #shown: Signal<boolean> = signal(false);
  readonly #painter = new CoverPainter();
  #newest: { readonly bitmap: ImageBitmap; readonly aspect: number } | null = null;
  #cover: Cover | null = null;
  #grey: Colour = MIDDLE_GREY;

  constructor() {
    this.canvas.className = "watch-picture";
    this.canvas.setAttribute("aria-hidden", "true");
    this.#context = this.canvas.getContext("2d", { alpha: false });
  }

  /** Whether there is a picture yet. */
  get shown(): ReadonlySignal<boolean> {
    return this.#shown;
  }

  /** Covers a part of the picture, or nothing any more (null). */
  setCover(cover: Cover | null, grey: Colour): void {
    if (sameCover(cover, this.#cover) && grey.join() === this.#grey.join()) return;
    this.#cover = cover;
    this.#grey = grey;
    this.#draw();
  }

  /** Shows what a model sees of a bitmap, which is closed when the next one comes; `aspect`: width over height of that. */
  show(bitmap: ImageBitmap, aspect: number): void {
    this.#newest?.bitmap.close();
    this.#newest = { bitmap, aspect };
    this.#draw();
    this.#shown.value = true;
  }

  #draw(): void {
    if (this.#newest === null) return;
    const { canvas } = this;
    const { bitmap, aspect } = this.#newest;
    const { width, height } = sidesWithin(bitmap, aspect);
    const from = centrePart(bitmap.width, bitmap.height, aspect);
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    this.#context?.drawImage(bitmap, from.x, from.y, from.width, from.height, 0, 0, width, height);
    if (this.#cover === null) return;
    this.#painter.paint(this.#cover, { image: bitmap, part: from }, this.#grey);
    this.#context?.drawImage(this.#painter.canvas, 0, 0, width, height);
  }
}

/** Decodes a frame's picture; null where it is broken. */
export async function decodePicture({ picture, format }: Frame): Promise<ImageBitmap | null> {
  return await createImageBitmap(new Blob([picture], { type: `image/${format}` })).catch(() => null);
}
