/**
 * Who has a right to the engine: shares of its time in ms, by deficit round robin.
 *
 * Time that passes is shared out as credit among the accounts that want the engine, and what the engine spends on an
 * account is taken off its credit. An account in credit has its turn, one in debt gives way to all that are in credit.
 * Credit is paid behind: an account may go as long as it has any, and a row that costs more than there is leaves a debt,
 * which the account's share of the time that passes pays back. So a row that takes long costs its own viewer the turns
 * that it takes from others, and nobody waits for ever.
 */

/** Most that an account can save up, in ms: what it is owed when somebody's long row or picture is done. */
export const MAX_CREDIT_MS = 300;

/** Debt from which on what an account does in spare time adds nothing but its own cost, in ms. */
const MAX_SPARE_DEBT_MS = 100;

/** Share of an account's time that its tiles have before its own newer frames. */
export const TILE_SHARE = 0.25;

/** The same of what is measured beside maps, where frames leave no time for it: it adds a twentieth of itself to their age. */
export const BESIDE_SHARE = 0.05;

/** Most that an account's tiles can save up, in ms. */
const MAX_TILE_CREDIT_MS = 50;

/** Account of all guests together, and its weight; a viewer's is 1. */
export const GUESTS = "guests";
const GUESTS_WEIGHT = 0.5;

/** A picture counts as moving for this long after its last frame, in ms. */
export const MOVING_MS = 1_000;

/** Weight of the newest frame in what is measured of a viewer's frames. */
const MEASURE_WEIGHT = 0.2;

/** A frame that is later than this is not expected any more, in ms and in intervals. */
const LATE_MS = 30;
const LATE_INTERVALS = 1;

/** How far back the figures reach, in ms, and the parts that they are kept in. */
export const RECENT_MS = 10_000;
const BUCKETS = 10;

/** What the engine did for somebody. */
export type Spent = "frames" | "tiles" | "pictures";

/** Time that the engine spent on an account. */
export interface Charge {
  readonly kind: Spent;
  readonly ms: number;
  /** True where the account was in debt already, and nobody in credit wanted the engine. */
  readonly spare: boolean;
}

/** How an account stands, as far as planning needs to know it. */
export interface Standing {
  /** What it may use, in ms; 0 or less: it gives way to those above 0. */
  readonly creditMs: number;
  /** Its tiles go before its own frames while this is above 0, in ms. */
  readonly tileCreditMs: number;
  /** Number of the last batch that it had a row in, −1 before the first. */
  readonly servedAt: number;
  /** True while its picture moves: its own tiles then keep out of the way of its frames. */
  readonly moving: boolean;
  /** When its next frame is expected and until when, in ms from now; null: none is. */
  readonly nextFrame: { readonly inMs: number; readonly untilMs: number } | null;
  /** When it will be in credit again, in ms from now; 0 where it is. */
  readonly untilCreditMs: number;
  /** What one of its pictures is expected to cost, in ms. */
  readonly pictureMs: number;
}

/** Figures of one account: what the engine spent on it in the last 10 s and since it came, and how it stands, in ms. */
export interface ShareStats {
  readonly account: string;
  readonly framesMs: number;
  readonly tilesMs: number;
  readonly picturesMs: number;
  readonly totalMs: number;
  readonly creditMs: number;
}

interface Account {
  readonly weight: number;
  creditMs: number;
  tileCreditMs: number;
  servedAt: number;
  movedMs: number;
  /** Time between its frames, in ms. */
  intervalMs: number;
  /** What its pictures cost, in ms. */
  pictureMs: number;
  /** Its owner has gone, and what was begun is still being done. */
  gone: boolean;
  /** `[buckets]` in ms; `second` is the number of the newest bucket since the clock began. */
  readonly spent: Record<Spent, Float64Array>;
  second: number;
  totalMs: number;
}

/** Credits of all accounts; times are in ms of one clock. */
export class Shares {
  readonly #accounts = new Map<string, Account>();
  #fundedMs: number;
  #totalWeight = 1;

  constructor(nowMs: number) {
    this.#fundedMs = nowMs;
  }

  /**
   * Shares out the time since the last call, once for each engine that was at work in it.
   *
   * @param wanting accounts with work that waits or is being done
   * @param tiles accounts whose tiles have a share of it before their frames, with that share, 0…1
   */
  fund(nowMs: number, wanting: ReadonlySet<string>, tiles: ReadonlyMap<string, number>, engines = 1): void {
    const passedMs = engines * Math.max(0, nowMs - this.#fundedMs);
    this.#fundedMs = nowMs;
    for (const name of wanting) this.#open(name);
    for (const [name, { gone }] of this.#accounts) {
      if (gone && !wanting.has(name)) this.#accounts.delete(name);
    }
    const sharing = [...this.#accounts].filter(([name, account]) =>
      wanting.has(name) || account.creditMs <= 0 || nowMs - account.movedMs < MOVING_MS
    );
    this.#totalWeight = Math.max(GUESTS_WEIGHT, sharing.reduce((sum, [, { weight }]) => sum + weight, 0));
    for (const [name, account] of sharing) {
      const shareMs = passedMs * account.weight / this.#totalWeight;
      account.creditMs = Math.min(MAX_CREDIT_MS, account.creditMs + shareMs);
      const tileShare = tiles.get(name) ?? 0;
      if (tileShare === 0) continue;
      account.tileCreditMs = Math.min(MAX_TILE_CREDIT_MS, account.tileCreditMs + tileShare * shareMs);
    }
  }

  /**
   * Takes what the engine spent on an account. What an account in debt does in time that nobody else had a use for does
   * not add up: it took nothing from anybody.
   */
  charge(name: string, { kind, ms, spare }: Charge, nowMs: number): void {
    const account = this.#accounts.get(name);
    if (account === undefined) return;
    const leastMs = spare ? Math.min(account.creditMs, -Math.max(ms, MAX_SPARE_DEBT_MS)) : -Infinity;
    account.creditMs = Math.max(account.creditMs - ms, leastMs);
    if (kind === "tiles") account.tileCreditMs = Math.max(account.tileCreditMs - ms, -ms);
    if (kind === "pictures") account.pictureMs += MEASURE_WEIGHT * (ms - account.pictureMs);
    account.totalMs += ms;
    const recent = spentOf(account, nowMs)[kind];
    const bucket = account.second % BUCKETS;
    recent[bucket] = (recent[bucket] ?? 0) + ms;
  }

  /** Notes that an account had a row in a batch. */
  served(name: string, batch: number): void {
    this.#open(name).servedAt = batch;
  }

  /** Notes a frame of a picture that moves. */
  moved(name: string, nowMs: number): void {
    const account = this.#open(name);
    const intervalMs = Math.min(nowMs - account.movedMs, MOVING_MS);
    account.intervalMs += MEASURE_WEIGHT * (intervalMs - account.intervalMs);
    account.movedMs = nowMs;
  }

  /** Notes that an account's picture stands still. */
  stopped(name: string): void {
    this.#open(name).movedMs = -Infinity;
  }

  /** True while any picture moves. */
  isMoving(nowMs: number): boolean {
    return this.#accounts.values().some(({ movedMs }) => nowMs - movedMs < MOVING_MS);
  }

  /** True where an account has its turn before all that are in debt. */
  inCredit(name: string): boolean {
    return this.#open(name).creditMs > 0;
  }

  /** How all accounts stand. */
  standings(nowMs: number): ReadonlyMap<string, Standing> {
    return new Map(this.#accounts.entries().map(([name, account]) => [name, this.#standing(account, nowMs)]));
  }

  /** Forgets an account whose owner has gone, when nothing of it is wanted any more. */
  forget(name: string): void {
    const account = this.#accounts.get(name);
    if (account === undefined) return;
    account.gone = true;
    account.movedMs = -Infinity;
  }

  /** What was spent on each account in the last 10 s. */
  stats(nowMs: number): readonly ShareStats[] {
    return [...this.#accounts].map(([account, one]) => {
      const { frames, tiles, pictures } = spentOf(one, nowMs);
      return {
        account,
        framesMs: sumOf(frames),
        tilesMs: sumOf(tiles),
        picturesMs: sumOf(pictures),
        totalMs: one.totalMs,
        creditMs: one.creditMs,
      };
    });
  }

  #standing(account: Account, nowMs: number): Standing {
    const { creditMs, tileCreditMs, servedAt, weight, movedMs, intervalMs, pictureMs } = account;
    const sinceMs = nowMs - movedMs;
    const moving = sinceMs < MOVING_MS;
    const untilMs = intervalMs + Math.max(LATE_MS, LATE_INTERVALS * intervalMs) - sinceMs;
    return {
      creditMs,
      tileCreditMs,
      servedAt,
      moving,
      nextFrame: moving && untilMs > 0 ? { inMs: Math.max(0, intervalMs - sinceMs), untilMs } : null,
      pictureMs,
      untilCreditMs: creditMs > 0 ? 0 : (1 - creditMs) * this.#totalWeight / weight,
    };
  }

  #open(name: string): Account {
    const known = this.#accounts.get(name);
    if (known !== undefined) return known;
    const account: Account = {
      weight: name === GUESTS ? GUESTS_WEIGHT : 1,
      creditMs: MAX_CREDIT_MS,
      tileCreditMs: 0,
      servedAt: -1,
      movedMs: -Infinity,
      intervalMs: MOVING_MS,
      pictureMs: 0,
      gone: false,
      spent: {
        frames: new Float64Array(BUCKETS),
        tiles: new Float64Array(BUCKETS),
        pictures: new Float64Array(BUCKETS),
      },
      second: 0,
      totalMs: 0,
    };
    this.#accounts.set(name, account);
    return account;
  }
}

/** The figures of an account, those that are too old taken out. */
function spentOf(account: Account, nowMs: number): Account["spent"] {
  const second = Math.floor(nowMs * BUCKETS / RECENT_MS);
  const passed = Math.min(BUCKETS, second - account.second);
  for (let at = 1; at <= passed; at++) {
    for (const values of Object.values(account.spent)) values[(second - passed + at) % BUCKETS] = 0;
  }
  account.second = Math.max(account.second, second);
  return account.spent;
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
