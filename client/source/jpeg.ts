/** Encodes what the network sees as JPEG, on the main thread and at once. */
import { centreSquare } from "./crop.ts";

/** JPEG quality: 17 KB for 224 × 224 px, no visible difference to the engine's input. */
const QUALITY = 0.92;

const DATA_URL_START = "data:image/jpeg;base64,";

/** Anything that a canvas can draw, with its size in px. */
export interface Drawable {
  readonly image: CanvasImageSource;
  readonly width: number;
  readonly height: number;
}

/** Draws centre squares into one small canvas and encodes them. */
export class SquareEncoder {
  readonly #canvas = document.createElement("canvas");
  readonly #context: CanvasRenderingContext2D;

  constructor() {
    // A canvas that lives in ordinary memory: reading it back does not wait for the graphics card.
    const context = this.#canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    if (context === null) throw new Error("Cannot encode frames as the browser gives no 2D canvas");
    this.#context = context;
  }

  /** Gives the JPEG of the centre square at `side × side` px, or null where the browser does not encode it. */
  encode(picture: Drawable, side: number): Uint8Array<ArrayBuffer> | null {
    if (picture.width === 0 || picture.height === 0) return null;
    if (this.#canvas.width !== side) this.#canvas.width = this.#canvas.height = side;
    const square = centreSquare(picture.width, picture.height);
    this.#context.imageSmoothingQuality = "high";
    this.#context.drawImage(picture.image, square.x, square.y, square.width, square.height, 0, 0, side, side);
    // Synchronous on purpose: 1.6 ms here, against 3.3 ms (toBlob) and 4.3 ms (convertToBlob) with tails of 10 ms,
    // because browsers encode those in idle time.
    const url = this.#canvas.toDataURL("image/jpeg", QUALITY);
    return url.startsWith(DATA_URL_START) ? fromBase64(url.slice(DATA_URL_START.length)) : null;
  }
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
