/** The photo on the stage: its canvas shows the whole of it, or the part that a slow pan is at. */
import { fitInside, panRect } from "./crop.ts";
import { LONGEST_SIDE_PX, type Surface } from "./surface.ts";

/** Draws photos on a surface's canvas. */
export class PhotoCanvas {
  readonly #surface: Surface;
  #bitmap: ImageBitmap | null = null;

  constructor(surface: Surface) {
    this.#surface = surface;
  }

  /** Takes a bitmap, which it closes when the next one comes, and draws it; `panning`: `drawPan()` moves it from here. */
  show(bitmap: ImageBitmap, panning: boolean): void {
    this.#bitmap?.close();
    this.#bitmap = bitmap;
    const { picture } = this.#surface;
    const size = fitInside(bitmap.width, bitmap.height, LONGEST_SIDE_PX);
    picture.width = size.width;
    picture.height = size.height;
    this.#surface.original = panning ? null : bitmap;
    this.#draw(panning ? performance.now() : null);
  }

  /** Draws the part that the pan shows at a time, in ms. */
  drawPan(nowMs: number): void {
    this.#draw(nowMs);
  }

  dispose(): void {
    this.#bitmap?.close();
  }

  #draw(panMs: number | null): void {
    const { picture } = this.#surface;
    const bitmap = this.#bitmap;
    const context = picture.getContext("2d", { alpha: false });
    if (bitmap === null || context === null) return;
    const { width, height } = bitmap;
    const from = panMs === null ? { x: 0, y: 0, width, height } : panRect(width, height, panMs);
    // The screen cannot show the difference at this speed, and the better filters take the engine's processor.
    context.imageSmoothingQuality = panMs === null ? "high" : "low";
    // What is transparent shows white, as it does to the server's decoders.
    context.fillStyle = "white";
    context.fillRect(0, 0, picture.width, picture.height);
    context.drawImage(bitmap, from.x, from.y, from.width, from.height, 0, 0, picture.width, picture.height);
  }
}
