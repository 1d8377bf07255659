/** The bytes of bodies that are read or worked on, counted over all requests (N5). */
import { GradcastError } from "../../shared/errors.ts";

/** What one body has taken; it ends with the work on it. */
export interface BodyLease extends Disposable {
  /** Counts bytes that have come, or throws GradcastError `busy` where all bodies together have too many. */
  take(bytes: number): void;
}

/** All bodies of a server. */
export class Bodies {
  readonly #limit: number;
  #bytes = 0;

  /** `limit` is the number of bytes that all bodies have together. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes that are held now. */
  get bytes(): number {
    return this.#bytes;
  }

  open(): BodyLease {
    let own = 0;
    let ended = false;
    return {
      take: (bytes) => {
        if (ended) return;
        if (this.#bytes + bytes > this.#limit) {
          throw new GradcastError(
            "busy",
            `Cannot read the body: all bodies together may have ${this.#limit} bytes, given: ${
              this.#bytes + bytes
            } or more`,
          );
        }
        own += bytes;
        this.#bytes += bytes;
      },
      [Symbol.dispose]: () => {
        if (ended) return;
        ended = true;
        this.#bytes -= own;
      },
    };
  }
}
