/** The picture that a question is about, as the server takes it. */
import { AS_FILE, type InputSize, SquareEncoder } from "./square_encoder.ts";
import type { Source } from "./source.ts";
import type { Surface } from "./surface.ts";

/** What the picture is read from. */
export interface PicturePorts {
  readonly source: Pick<Source, "isStill">;
  readonly surface: Pick<Surface, "still" | "current">;
}

/** Reads the newest picture as PNG, its middle cut to the model's input. */
export class NewestPicture {
  readonly #ports: PicturePorts;
  readonly #encoder = new SquareEncoder();

  constructor(ports: PicturePorts) {
    this.#ports = ports;
  }

  /** Returns the picture in the size of a model's input, or null where there is none to look at. */
  read(input: InputSize): Uint8Array<ArrayBuffer> | null {
    if (document.hidden) return null;
    const { source, surface } = this.#ports;
    const seen = source.isStill()
      ? this.#encoder.still(surface.still(), input)
      : this.#encoder.moving(surface.current(), input, AS_FILE);
    return seen?.picture ?? null;
  }
}
