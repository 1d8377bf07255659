/** The picture that is asked about, as the server takes it. */
import { AS_FILE, SquareEncoder } from "../../picture/square_encoder.ts";
import type { Source } from "../../picture/source.ts";
import type { Surface } from "../../picture/surface.ts";

/** What the picture is read from. */
export interface PicturePorts {
  readonly source: Pick<Source, "isStill">;
  readonly surface: Pick<Surface, "still" | "current">;
}

/** Reads the newest picture as PNG, its square cut to the model's side. */
export class NewestPicture {
  readonly #ports: PicturePorts;
  readonly #encoder = new SquareEncoder();

  constructor(ports: PicturePorts) {
    this.#ports = ports;
  }

  /** Returns the picture with so many pixels a side, or null where there is none to look at. */
  read(sidePx: number): Uint8Array<ArrayBuffer> | null {
    if (document.hidden) return null;
    const { source, surface } = this.#ports;
    const seen = source.isStill()
      ? this.#encoder.still(surface.still(), sidePx)
      : this.#encoder.moving(surface.current(), sidePx, AS_FILE);
    return seen?.picture ?? null;
  }
}
