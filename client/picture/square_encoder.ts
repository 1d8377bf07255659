/** Encodes what the network sees of a picture, on the main thread and at once. */
import { aspectOf, centrePart } from "../../shared/aspect.ts";
import type { FrameFormat } from "../../shared/codec.ts";
import { centreCrop, fitInput, withoutAlpha } from "../../shared/resample.ts";

/**
 * Quality of the copies that people look at, on phones and in the log. The network never sees them: in this quality the
 * first class's probability differs by 3 points from the lossless picture's in half of 50 crops of the sample photos,
 * by up to 25 in the others (docs/frames.md).
 */
const COPY_QUALITY = 0.92;

/** Bytes of a pixel without its opacity. */
const RGB = 3;

/** Anything that a canvas can draw, with its size in pixels. */
export interface Drawable {
  readonly image: CanvasImageSource;
  readonly width: number;
  readonly height: number;
}

/** A picture as a frame carries it. */
export interface Encoded {
  readonly format: FrameFormat;
  readonly picture: Uint8Array<ArrayBuffer>;
}

/** Width and height of the network's input, in pixels. */
export interface InputSize {
  readonly width: number;
  readonly height: number;
}

/** Draws what a network sees of pictures, of most the centre square, into one small canvas and encodes it. */
export class SquareEncoder {
  readonly #canvas = document.createElement("canvas");
  readonly #context: CanvasRenderingContext2D;

  constructor() {
    // A canvas that lives in ordinary memory: reading it back does not wait for the graphics card.
    const context = this.#canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    if (context === null) throw new Error("Cannot encode frames: the browser has no 2D canvas for them");
    this.#context = context;
  }

  /**
   * Returns the middle of a moving picture in the input's size, scaled by the browser, without loss: as pixels, or as PNG where the network is slow or the pixels are more than `maxBytes`. Null where there is no picture.
   */
  moving(picture: Drawable, input: InputSize, { slow, maxBytes }: MovingOptions): Encoded | null {
    if (!this.#draw(picture, input)) return null;
    const { width, height } = input;
    if (slow || RGB * width * height > maxBytes) return this.#file("png");
    // Quicker to write than PNG, and nothing has to be decoded at the other end (docs/frames.md).
    return { format: "rgb", picture: withoutAlpha(this.#context.getImageData(0, 0, width, height).data) };
  }

  /**
   * Returns the PNG of a still picture's middle in the input's size, cropped and resized as the server does it (F8): the
   * command line sees the same pixels. Null where there is no picture.
   */
  still(picture: Drawable, input: InputSize): Encoded | null {
    if (picture.width === 0 || picture.height === 0) return null;
    const { left, top, width, height } = centreCrop(picture, input);
    // A canvas of its own that is thrown away: a photo's square may take 40 MB, and stills are rare.
    const whole = document.createElement("canvas");
    whole.width = width;
    whole.height = height;
    const context = whole.getContext("2d", { alpha: false, willReadFrequently: true });
    if (context === null) return null;
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, height);
    context.drawImage(picture.image, left, top, width, height, 0, 0, width, height);
    const rgb = withoutAlpha(context.getImageData(0, 0, width, height).data);
    const fitted = fitInput({ width, height, rgb }, input.width, input.height);
    const pixels = this.#context.createImageData(input.width, input.height);
    for (let from = 0, to = 0; from < fitted.rgb.length; from += RGB, to += 4) {
      pixels.data.set(fitted.rgb.subarray(from, from + RGB), to);
      pixels.data[to + 3] = 255;
    }
    this.#resize(input);
    this.#context.putImageData(pixels, 0, 0);
    return this.#file("png");
  }

  /** Returns a small JPEG of what was encoded last, for people; null where the browser writes none. */
  copy(): Uint8Array<ArrayBuffer> | null {
    return this.#file("jpeg")?.picture ?? null;
  }

  #draw({ image, width, height }: Drawable, input: InputSize): boolean {
    if (width === 0 || height === 0) return false;
    this.#resize(input);
    const part = centrePart(width, height, aspectOf(input));
    this.#context.imageSmoothingQuality = "high";
    this.#context.drawImage(image, part.x, part.y, part.width, part.height, 0, 0, input.width, input.height);
    return true;
  }

  #resize({ width, height }: InputSize): void {
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
  }

  #file(format: "png" | "jpeg"): Encoded | null {
    // Synchronous on purpose: 1.6 ms for a JPEG here, against 3.3 ms (toBlob) and 4.3 ms (convertToBlob) with tails of
    // 10 ms, because browsers encode those in idle time.
    const url = this.#canvas.toDataURL(`image/${format}`, COPY_QUALITY);
    const start = `data:image/${format};base64,`;
    return url.startsWith(start) ? { format, picture: fromBase64(url.slice(start.length)) } : null;
  }
}

/** What decides how a moving picture is written. */
export interface MovingOptions {
  /** Whether frames wait for the network rather than for the engine. */
  readonly slow: boolean;
  /** Bytes that a frame may have at most. */
  readonly maxBytes: number;
}

/** Has a moving picture written as a file, which requests over HTTP carry. */
export const AS_FILE: MovingOptions = { slow: true, maxBytes: 0 };

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
