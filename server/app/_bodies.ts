/** The bytes of bodies that are read or worked on, counted over all requests (N5). */
import { GradcastError } from "../../shared/errors.ts";
import type { Whose } from "../session/mod.ts";
import { Allowance } from "./allowance.ts";

/** What one body has taken; it ends with the work on it. */
export interface BodyLease extends Disposable {
  /** Counts bytes that have come, or throws GradcastError `busy` where bodies together have too many. */
  take(bytes: number): void;
}

/** All bodies of a server. */
export class Bodies {
  readonly #allowance: Allowance;

  /** `limit` is the number of bytes that all bodies have together; one of another machine's addresses has half of them. */
  constructor(limit: number) {
    this.#allowance = new Allowance({ all: limit, others: (limit / 4) * 3, address: limit / 2 });
  }

  /** Bytes that are held now. */
  get bytes(): number {
    return this.#allowance.held;
  }

  open(whose: Whose): BodyLease {
    const holding = this.#allowance.open(whose);
    return {
      take: (bytes) => {
        const limit = this.#allowance.exceeded(whose, bytes);
        if (limit !== null) {
          throw new GradcastError(
            "busy",
            `Cannot read the body: expected at most ${limit} bytes in all bodies together, got ${bytes} more`,
          );
        }
        holding.add(bytes);
      },
      [Symbol.dispose]: () => holding[Symbol.dispose](),
    };
  }
}
