/** Pictures as they are taught: what the network would see, in the size of its input. */
import { NewestPicture, type PicturePorts } from "../../picture/newest_picture.ts";
import { type InputSize, SquareEncoder } from "../../picture/square_encoder.ts";

/** Pixels rather than a file: the file is the small copy. */
const AS_PIXELS = { slow: false, maxBytes: Infinity };

/** Reads pictures from the stage and from files. */
export class Pictures {
  readonly #ports: PicturePorts;
  readonly #encoder = new SquareEncoder();
  readonly #newest: NewestPicture;

  constructor(ports: PicturePorts) {
    this.#ports = ports;
    this.#newest = new NewestPicture(ports);
  }

  /** The newest picture: a still one without loss, one of many as a small JPEG; null where there is none. */
  newest(input: InputSize): Blob | null {
    if (document.hidden) return null;
    const { source, surface } = this.#ports;
    if (source.isStill()) return blobOf(this.#encoder.still(surface.still(), input)?.picture ?? null, "png");
    if (this.#encoder.moving(surface.current(), input, AS_PIXELS) === null) return null;
    return blobOf(this.#encoder.copy(), "jpeg");
  }

  /** The newest picture as PNG, for a question about it; null where there is none. */
  question(input: InputSize): Uint8Array<ArrayBuffer> | null {
    return this.#newest.read(input);
  }

  /** A file's picture as PNG, cut as the network would see it; null where the browser reads none in it. */
  async ofFile(file: Blob, input: InputSize): Promise<Blob | null> {
    let image: ImageBitmap;
    try {
      image = await createImageBitmap(file);
    } catch {
      return null;
    }
    const { width, height } = image;
    const encoded = this.#encoder.still({ image, width, height }, input);
    image.close();
    return blobOf(encoded?.picture ?? null, "png");
  }
}

function blobOf(bytes: Uint8Array<ArrayBuffer> | null, format: "png" | "jpeg"): Blob | null {
  return bytes === null ? null : new Blob([bytes], { type: `image/${format}` });
}
