/** How long a call of the engine may take: a multiple of what calls like it took before. Pure. */
import type { CallName, Calls } from "./messages.ts";

/** A call may take this many times what is expected of it. */
const FACTOR = 20;

/** Every call may take this long, in ms, whatever is expected: other programs may hold the cores. */
const LEAST_MS = 2_000;

/** No call may take longer, in ms. */
const MOST_MS = 600_000;

/** The first start, of which nothing is known: large models are read and tried once, in ms. */
const FIRST_START_MS = 120_000;

/** A later start may take this many times what the one before took, and this long in any case, in ms. */
const START_FACTOR = 5;
const LEAST_START_MS = 20_000;

/** Expected of a kind that was not measured: this share of the start, which holds a forward pass of the model. */
const START_SHARE = 0.25;

/** Expected of a picture at least, in ms: small ones were measured, the next may have 2,048 pixels a side. */
const LEAST_ADMIT_MS = 250;

/** Cost of a kind at least, in ms: one that seemed to cost nothing beside others must not multiply beyond all numbers. */
const LEAST_COST_MS = 0.1;

/** Weight of the newest measurement: a rise counts faster than a fall. */
const RISE_WEIGHT = 0.5;
const FALL_WEIGHT = 0.1;

/** What a call consists of, as far as cost goes: how many of each kind. */
export type Load = ReadonlyMap<string, number>;

const START = "start";

/** What a call consists of. Kinds are few: nothing that a client names is part of them. */
export function loadOf<N extends CallName>(call: N, takes: Calls[N]["takes"]): Load;
export function loadOf(
  ...[call, takes]: { [N in CallName]: [N, Calls[N]["takes"]] }[CallName]
): Load {
  switch (call) {
    case "start":
      return new Map([[START, 1]]);
    case "admit":
      return new Map([[`admit ${takes.format}`, 1]]);
    case "run": {
      const load = new Map<string, number>();
      for (const { want, variation, randomHead } of takes) {
        const scored = "score" in want && want.score !== null;
        const kind = `${want.kind}${scored ? " scored" : ""} ${variation.kind}${
          randomHead === undefined ? "" : " random"
        }`;
        load.set(kind, (load.get(kind) ?? 0) + 1);
      }
      return load;
    }
    case "head":
    case "stats":
      return new Map([[call, 1]]);
    default:
      return call satisfies never;
  }
}

/** What calls cost so far, and which of them were ended before they answered. */
export class Patience {
  readonly #leastMs: number;
  /** Measured cost of one of a kind, in ms. */
  readonly #costs = new Map<string, number>();
  /** How often a call with one of a kind was ended since the last that answered. */
  readonly #strikes = new Map<string, number>();

  /** @param leastMs what every call may take, in ms; by default 2,000 */
  constructor(leastMs = LEAST_MS) {
    this.#leastMs = leastMs;
  }

  /** How long a call may take, in ms. */
  limitMs(load: Load): number {
    const strikes = Math.max(0, ...[...load.keys()].map((kind) => this.#strikes.get(kind) ?? 0));
    return Math.min(MOST_MS, this.#firstLimitMs(load) * 2 ** strikes);
  }

  /** How long a call may take that was not ended before. */
  #firstLimitMs(load: Load): number {
    const startMs = this.#costs.get(START);
    if (load.has(START) && startMs !== undefined) return Math.max(LEAST_START_MS, START_FACTOR * startMs);
    return Math.max(this.#leastMs, FACTOR * this.#expectedMs(load));
  }

  /** A call answered after `ms`. */
  answered(load: Load, ms: number): void {
    let units = 0;
    let knownMs = 0;
    for (const [kind, count] of load) {
      const cost = this.#costs.get(kind);
      if (cost === undefined) units += count;
      else knownMs += count * cost;
    }
    // What is left of a call goes to the kinds that are new in it.
    const restMs = units === 0 ? 0 : Math.max(0, ms - knownMs) / units;
    const factor = units === 0 && knownMs > 0 ? ms / knownMs : 1;
    for (const kind of load.keys()) {
      this.#strikes.delete(kind);
      const cost = this.#costs.get(kind);
      if (cost === undefined) this.#costs.set(kind, Math.max(restMs, LEAST_COST_MS));
      else this.#costs.set(kind, cost + (factor > 1 ? RISE_WEIGHT : FALL_WEIGHT) * (factor - 1) * cost);
    }
  }

  /** A call was ended before it answered: the next like it may take twice as long, so that a slow one gets through. */
  ended(load: Load): void {
    for (const kind of load.keys()) this.#strikes.set(kind, (this.#strikes.get(kind) ?? 0) + 1);
  }

  #expectedMs(load: Load): number {
    const startMs = this.#costs.get(START);
    // Nothing is known before the first start has answered.
    if (startMs === undefined) return FIRST_START_MS / FACTOR;
    let ms = 0;
    for (const [kind, count] of load) {
      const cost = this.#costs.get(kind);
      if (cost === undefined) ms += START_SHARE * startMs + count * this.#rowMs();
      else ms += count * (kind.startsWith("admit") ? Math.max(cost, LEAST_ADMIT_MS) : cost);
    }
    return ms;
  }

  /** Cost of the dearest row measured so far, in ms. */
  #rowMs(): number {
    return Math.max(0, ...[...this.#costs].filter(([kind]) => kind !== START).map(([, cost]) => cost));
  }
}
