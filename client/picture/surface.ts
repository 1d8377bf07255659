/** The elements that show the picture: made once, placed by the stage, read by the encoder. */
import type { Drawable } from "./square_encoder.ts";

/** Longest side that a photo or a held picture keeps, in pixels. */
export const LONGEST_SIDE_PX = 1600;

/** Which of the elements shows. */
export type Shown = "picture" | "video";

/** One video and two canvases; exactly one of them is visible. */
export class Surface {
  readonly video: HTMLVideoElement = document.createElement("video");
  /** Photos, panned or not. */
  readonly picture: HTMLCanvasElement = document.createElement("canvas");
  /** The picture that is held while frozen. */
  readonly held: HTMLCanvasElement = document.createElement("canvas");
  /** A photo as it was decoded, where `picture` shows it whole and still; else null. */
  original: ImageBitmap | null = null;
  #shown: Shown = "picture";
  #holding = false;
  /** Whether what is held is another picture than the one that was shown. */
  #foreign = false;
  #aspect = 1;

  constructor() {
    this.video.muted = true;
    this.video.playsInline = true;
    this.video.disablePictureInPicture = true;
    for (const element of this.elements) {
      element.className = "media";
      element.setAttribute("aria-hidden", "true");
    }
    this.#reveal();
  }

  /** In the order in which they lie over each other. */
  get elements(): readonly HTMLElement[] {
    return [this.picture, this.video, this.held];
  }

  /** Makes the video or the photo visible and lets go of a held picture. */
  show(shown: Shown): void {
    this.#shown = shown;
    this.#holding = false;
    this.#foreign = false;
    this.#reveal();
  }

  /** Copies the current picture, or another one, and shows the copy; false where there is no picture yet. */
  hold(other: Drawable | null = null): boolean {
    const { image, width, height } = other ?? this.current();
    const context = this.held.getContext("2d");
    if (width === 0 || height === 0 || context === null) return false;
    this.held.width = width;
    this.held.height = height;
    context.drawImage(image, 0, 0, width, height);
    this.#holding = true;
    this.#foreign = other !== null;
    this.#reveal();
    return true;
  }

  /** Shows the moving picture again. */
  release(): void {
    this.#holding = false;
    this.#foreign = false;
    this.#reveal();
  }

  /** What the visitor sees now, with its size in pixels (0 × 0 before there is anything). */
  current(): Drawable {
    if (this.#holding) return { image: this.held, width: this.held.width, height: this.held.height };
    return this.#shown === "video"
      ? { image: this.video, width: this.video.videoWidth, height: this.video.videoHeight }
      : { image: this.picture, width: this.picture.width, height: this.picture.height };
  }

  /** The picture that stands still now, in all its pixels: `current()` has at most `LONGEST_SIDE_PX` of a photo. */
  still(): Drawable {
    const { original } = this;
    if (this.#shown === "video" || original === null || this.#foreign) return this.current();
    return { image: original, width: original.width, height: original.height };
  }

  #reveal(): void {
    const visible = this.#holding ? this.held : this.#shown === "video" ? this.video : this.picture;
    for (const element of this.elements) element.hidden = element !== visible;
    this.fit();
  }

  /** Says the width over height of what the network sees of the picture. */
  shape(aspect: number): void {
    this.#aspect = aspect;
    this.fit();
  }

  /** Marks, for the style sheet, along which side the visible picture reaches over what the network sees. */
  fit(): void {
    const { width, height } = this.current();
    const orient = width >= height * this.#aspect ? "landscape" : "portrait";
    for (const element of this.elements) {
      if (element.dataset["orient"] !== orient) element.dataset["orient"] = orient;
    }
  }
}
