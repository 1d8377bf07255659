/** Which rows go into the next batch: a pure choice, so that freshness and fairness can be tested alone. */

import { MAX_BATCH_ROWS } from "../engine/port.ts";
import type { RowCost } from "./costs.ts";
import type { Standing } from "./shares.ts";

/** A row that waits, as far as planning needs to know it. */
export interface WaitingRow {
  /** Whose share of the engine it is paid from. */
  readonly account: string;
  readonly frame: number;
  readonly lane: "frame" | "tile";
  readonly cost: RowCost;
}

/** What the plan depends on beside the rows and how their accounts stand. */
export interface PlanConditions {
  /** True while some viewer's picture moves, so that a frame may come at any moment. */
  readonly moving: boolean;
  /** Measured cost of one row, in ms. */
  readonly rowMs: number;
  /** Time since a tile row was last taken, in ms. */
  readonly sinceTileMs: number;
  /** When the next frame is expected, in ms from now; 0 or less: at any moment. */
  readonly nextFrameMs: number;
  /** True while another engine has work of an account in credit: cores that it needs are not for those in debt. */
  readonly wantedElsewhere: boolean;
}

/** What to do next: compute rows, or wait for this long unless something comes. */
export type Plan<Waiting> =
  /** `spare`: accounts in debt have their turn, as nobody in credit wants it. */
  | { readonly kind: "run"; readonly rows: readonly Waiting[]; readonly spare: boolean }
  | { readonly kind: "rest"; readonly ms: number };

/** How long the frames of one batch may compute together, in ms: what the last of them waits for the first. */
export const FRAME_BATCH_BUDGET_MS = 100;

/** How long the rows of one frame may compute together while others want the engine, in ms. */
export const FRAME_ROWS_BUDGET_MS = 200;

/** How long tiles may keep the engine from a frame that arrives meanwhile, in ms. */
export const MOVING_TILE_BUDGET_MS = 30;

/**
 * Between two tile batches of a moving picture the engine is kept free for frames for this many rows' time,
 * unless no frame is due: three frames of four then meet an engine that is free.
 */
export const TILE_REST_ROWS = 3;

/**
 * Where a frame is due at any moment, what is measured beside the maps of a moving picture has one row in this time, in ms: one
 * frame of twenty or more meets an engine that is not free, so that 95 of a hundred are as new as without.
 */
export const BESIDE_REST_MS = 900;

/** How much longer it waits for a moment without a frame, where it delays one frame by less than a row instead of two, in ms. */
export const BESIDE_PATIENCE_MS = 100;

/** Accounts in debt go together where their credits are no further apart than this, in ms. */
const SAME_DEBT_MS = 20;

/** An account that has no entry in the standings. */
const NEWCOMER: Standing = {
  creditMs: 1,
  tileCreditMs: 0,
  servedAt: -1,
  moving: false,
  nextFrame: null,
  untilCreditMs: 0,
  pictureMs: 0,
};

/** The rows of one account, each kind in order of arrival. */
interface Queue<Waiting> {
  readonly account: string;
  readonly standing: Standing;
  readonly frames: readonly Waiting[];
  readonly tiles: readonly Waiting[];
}

/**
 * Plans the next batch from `waiting`, which is in order of arrival.
 *
 * First come accounts in credit with what they have a right to, the one with the most credit first, of several the one
 * served longest ago: one row each in turn, tiles that are due in place of a frame of their own. Then the same of those in
 * debt, which give way to a frame that an account in credit is about to have. What is left of the engine is for tiles,
 * which keep out of the way of moving pictures. Rows of one frame, which several panes wait for, stay together: they share its forward pass.
 */
export function planBatch<Waiting extends WaitingRow>(
  waiting: readonly Waiting[],
  standings: ReadonlyMap<string, Standing>,
  conditions: PlanConditions,
): Plan<Waiting> {
  const queues = queuesOf(waiting, standings);
  const [inCredit, inDebt] = [queues.filter(isInCredit), queues.filter((queue) => !isInCredit(queue))];
  const own = claim(inCredit, conditions);
  if (own.length > 0) return { kind: "run", rows: own, spare: false };
  const debtors = leastInDebt(inDebt);
  const restMs = conditions.wantedElsewhere ? untilCreditMs(debtors) : debtRestMs(debtors, standings);
  const owed = restMs > 0 ? [] : claim(debtors, conditions);
  if (owed.length > 0) return { kind: "run", rows: owed, spare: true };
  const spare = inCredit.length > 0 ? inCredit : restMs > 0 ? [] : debtors;
  const tileMs = tileRestMs(conditions);
  const tiles = tileMs > 0 ? [] : within(MOVING_TILE_BUDGET_MS, inTurn(spare.map((queue) => queue.tiles)));
  if (tiles.length > 0) return { kind: "run", rows: tiles, spare: inCredit.length === 0 };
  return { kind: "rest", ms: Math.min(...[restMs, tileMs].filter((ms) => ms > 0)) };
}

/** Which accounts' pictures the engine takes now, and when to look again. */
export interface PicturePlan {
  readonly send: readonly string[];
  /** In ms; Infinity: nothing is left to wait. */
  readonly restMs: number;
}

/**
 * Plans whose pictures go to the engine: those of accounts in credit, and of one in debt where nobody with more credit has
 * a row that waits or, in credit, a frame that is due before the picture would be decoded.
 *
 * @param accounts with a picture that waits
 * @param busy accounts with rows that wait
 */
export function planPictures(
  accounts: readonly string[],
  busy: ReadonlySet<string>,
  standings: ReadonlyMap<string, Standing>,
): PicturePlan {
  const all = accounts.map((account) => ({ account, standing: standings.get(account) ?? NEWCOMER }));
  const send = all.filter(isInCredit).map(({ account }) => account);
  const debtors = leastInDebt(all.filter((one) => !isInCredit(one)));
  if (debtors.length === 0) return { send, restMs: Infinity };
  const pictureMs = Math.min(...debtors.map(({ standing }) => standing.pictureMs));
  const mostMs = Math.max(...debtors.map(({ standing }) => standing.creditMs));
  const isWanted = standings.entries().some(([account, { creditMs }]) =>
    creditMs > mostMs && busy.has(account)
  );
  const creditMs = untilCreditMs(debtors);
  const restMs = isWanted ? creditMs : Math.min(creditMs, frameRestMs(pictureMs, standings));
  if (restMs > 0) return { send, restMs };
  return { send: [...send, ...debtors.map(({ account }) => account)], restMs: Infinity };
}

/** How long tiles of a moving picture have to wait for frames that are due, in ms; 0 when they may go. */
export function tileRestMs({ moving, rowMs, sinceTileMs, nextFrameMs }: PlanConditions): number {
  if (!moving || nextFrameMs >= rowMs) return 0;
  return Math.max(0, (1 + TILE_REST_ROWS) * rowMs - sinceTileMs);
}

/** How long what is measured beside the maps of a moving picture has to wait, in ms; 0 when it may go. */
export function besideRestMs(
  waiting: readonly WaitingRow[],
  { moving, rowMs, nextFrameMs }: PlanConditions,
  sinceBesideMs: number,
): number {
  if (!moving) return 0;
  const isHere = waiting.some(({ lane }) => lane === "frame");
  if (!isHere && nextFrameMs >= rowMs) return 0;
  return Math.max(0, BESIDE_REST_MS + (isHere ? BESIDE_PATIENCE_MS : 0) - sinceBesideMs);
}

function queuesOf<Waiting extends WaitingRow>(
  waiting: readonly Waiting[],
  standings: ReadonlyMap<string, Standing>,
): Queue<Waiting>[] {
  return [...Map.groupBy(waiting, ({ account }) => account)]
    .map(([account, rows]) => ({
      account,
      standing: standings.get(account) ?? NEWCOMER,
      frames: rows.filter(({ lane }) => lane === "frame"),
      tiles: rows.filter(({ lane }) => lane === "tile"),
    }))
    .sort((a, b) =>
      b.standing.creditMs - a.standing.creditMs || a.standing.servedAt - b.standing.servedAt ||
      (a.account < b.account ? -1 : 1)
    );
}

/** What an account has a right to now, in its order: tiles that are due, then frames. */
function dueOf<Waiting extends WaitingRow>({ standing, frames, tiles }: Queue<Waiting>): readonly Waiting[] {
  const hasFrames = standing.moving || frames.length > 0;
  const due = hasFrames && standing.tileCreditMs <= 0 ? [] : within(MOVING_TILE_BUDGET_MS, tiles);
  return [...due, ...frames];
}

/** What accounts have a right to; where nothing moves their frames, and tiles in what the batch has room for. */
function claim<Waiting extends WaitingRow>(
  queues: readonly Queue<Waiting>[],
  { moving }: PlanConditions,
): readonly Waiting[] {
  if (moving) return deal(queues.map(dueOf));
  const frames = deal(queues.map((queue) => queue.frames));
  return [...frames, ...inTurn(queues.map((queue) => queue.tiles))].slice(0, MAX_BATCH_ROWS);
}

/** One row of each queue in turn within the budget, then the other rows of the frames that were begun. */
function deal<Waiting extends WaitingRow>(queues: readonly (readonly Waiting[])[]): readonly Waiting[] {
  const batch: Waiting[] = [];
  const begun = new Set<number>();
  let leftMs = FRAME_BATCH_BUDGET_MS;
  const skipped = new Set<number>();
  const longest = Math.max(0, ...queues.map(({ length }) => length));
  for (let round = 0; round < longest; round++) {
    for (const [place, rows] of queues.entries()) {
      const row = rows[round];
      if (row === undefined || skipped.has(place) || batch.length === MAX_BATCH_ROWS) continue;
      const ms = costIn(row, begun);
      if (batch.length > 0 && ms > leftMs) {
        // What does not fit waits until its account is first, instead of a cheaper row of the same account now.
        skipped.add(place);
        continue;
      }
      batch.push(row);
      if (row.lane === "frame") begun.add(row.frame);
      leftMs -= ms;
    }
  }
  return [...batch, ...companions(batch, queues)];
}

/** The further rows of frames that a batch has begun: all of them, or where others wait as many as they can wait for. */
function companions<Waiting extends WaitingRow>(
  batch: readonly Waiting[],
  queues: readonly (readonly Waiting[])[],
): readonly Waiting[] {
  const taken = new Set(batch);
  const spentMs = new Map<number, number>();
  for (const row of batch) {
    if (row.lane === "tile") continue;
    spentMs.set(row.frame, (spentMs.get(row.frame) ?? 0) + costIn(row, spentMs));
  }
  const budgetMs = queues.length > 1 ? FRAME_ROWS_BUDGET_MS : Infinity;
  return queues.flat().filter((row) => {
    const ms = (spentMs.get(row.frame) ?? Infinity) + row.cost.furtherMs;
    if (row.lane === "tile" || taken.has(row) || ms > budgetMs) return false;
    if (spentMs.has(row.frame)) spentMs.set(row.frame, ms);
    return spentMs.has(row.frame);
  }).slice(0, MAX_BATCH_ROWS - batch.length);
}

function isInCredit({ standing }: { readonly standing: Standing }): boolean {
  return standing.creditMs > 0;
}

/** Those in debt whose turn it is: the ones with the most credit. */
function leastInDebt<One extends { readonly standing: Standing }>(queues: readonly One[]): readonly One[] {
  const most = Math.max(...queues.map(({ standing }) => standing.creditMs));
  return queues.filter(({ standing }) => standing.creditMs >= most - SAME_DEBT_MS);
}

/** How long accounts in debt have to wait for a frame that somebody in credit is about to have, in ms. */
function debtRestMs<Waiting extends WaitingRow>(
  debtors: readonly Queue<Waiting>[],
  standings: ReadonlyMap<string, Standing>,
): number {
  if (debtors.length === 0) return 0;
  const costs = debtors.flatMap(({ frames, tiles }) => [...frames, ...tiles]).map(({ cost }) => cost.firstMs);
  return Math.min(untilCreditMs(debtors), frameRestMs(Math.min(...costs), standings));
}

/** How long until one of them is in credit again, in ms; 0 for nobody. */
function untilCreditMs(debtors: readonly { readonly standing: Standing }[]): number {
  return debtors.length === 0 ? 0 : Math.min(...debtors.map(({ standing }) => standing.untilCreditMs));
}

/** How long something of this cost has to wait for frames that accounts in credit are about to have, in ms. */
function frameRestMs(costMs: number, standings: ReadonlyMap<string, Standing>): number {
  return standings.values()
    .filter(({ creditMs, nextFrame }) => creditMs > 0 && nextFrame !== null && nextFrame.inMs < costMs)
    .reduce((longest, { nextFrame }) => Math.max(longest, nextFrame?.untilMs ?? 0), 0);
}

/** As many rows, one at least, as compute within a time. */
function within<Waiting extends WaitingRow>(budgetMs: number, rows: readonly Waiting[]): readonly Waiting[] {
  let leftMs = budgetMs;
  const end = rows.findIndex(({ cost }, place) => (leftMs -= cost.firstMs) < 0 && place > 0);
  return rows.slice(0, Math.min(end < 0 ? rows.length : end, MAX_BATCH_ROWS));
}

function costIn(
  { lane, frame, cost }: WaitingRow,
  begun: { has(frame: number): boolean },
): number {
  return lane === "frame" && begun.has(frame) ? cost.furtherMs : cost.firstMs;
}

/** Deals rows in turn, each queue's own in their order. */
function inTurn<Waiting>(queues: readonly (readonly Waiting[])[]): Waiting[] {
  const longest = Math.max(0, ...queues.map(({ length }) => length));
  return Array.from(
    { length: longest },
    (_, round) => queues.flatMap((queue) => queue.slice(round, round + 1)),
  ).flat();
}
