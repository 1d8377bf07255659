/** How much of something requests may hold at a time, so that no stranger takes all of it from the own machine. */
import type { Whose } from "../session/mod.ts";

/** How much there is. */
export interface AllowanceLimits {
  readonly all: number;
  /** What all but the own machine (H10) have together. */
  readonly others: number;
  /** What one address of another machine has. */
  readonly address: number;
}

/** What one request holds; it ends with the work on it, and holds nothing afterwards. */
export interface Holding extends Disposable {
  add(amount: number): void;
}

/** What is held of a limited amount, by everybody. */
export class Allowance {
  readonly #limits: AllowanceLimits;
  readonly #holdings = new Set<{ readonly whose: Whose; amount: number }>();

  constructor(limits: AllowanceLimits) {
    this.#limits = limits;
  }

  /** What is held now. */
  get held(): number {
    return this.#sum(() => true);
  }

  /** The limit that `amount` more would exceed, or null. */
  exceeded({ from, own }: Whose, amount: number): number | null {
    const { all, others, address } = this.#limits;
    if (this.held + amount > all) return all;
    if (own) return null;
    if (this.#sum((whose) => !whose.own) + amount > others) return others;
    if (from === null) return null;
    return this.#sum((whose) => whose.from === from && !whose.own) + amount > address ? address : null;
  }

  /** Begins to hold something; {@link exceeded} says beforehand how much may be added. */
  open(whose: Whose): Holding {
    const holding = { whose, amount: 0 };
    let ended = false;
    this.#holdings.add(holding);
    return {
      add: (amount) => {
        if (!ended) holding.amount += amount;
      },
      [Symbol.dispose]: () => {
        ended = true;
        this.#holdings.delete(holding);
      },
    };
  }

  #sum(counts: (whose: Whose) => boolean): number {
    let sum = 0;
    for (const { whose, amount } of this.#holdings) if (counts(whose)) sum += amount;
    return sum;
  }
}
