/** Which rows go into the next batch: a pure choice, so that freshness and fairness can be tested alone. */

import { MAX_BATCH_ROWS } from "../engine/port.ts";

/** A row that waits, as far as planning needs to know it. */
export interface WaitingRow {
  readonly viewer: string;
  readonly frame: number;
  readonly lane: "frame" | "tile";
}

/** What the plan depends on beside the rows. */
export interface PlanConditions {
  /** True while some viewer's picture moves, so that a frame may come at any moment. */
  readonly moving: boolean;
  /** Measured cost of one row, in ms. */
  readonly rowMs: number;
  /** Time since a tile row was last taken, in ms. */
  readonly sinceTileMs: number;
  /** When the next frame is expected, in ms from now; 0 or less: at any moment. */
  readonly nextFrameMs: number;
}

/** How long the frames of one batch may compute together, in ms: what the last of them waits for the first. */
export const FRAME_BATCH_BUDGET_MS = 100;

/** How long tiles may keep the engine from a frame that arrives meanwhile, in ms. */
export const MOVING_TILE_BUDGET_MS = 30;

/**
 * Between two tile batches of a moving picture the engine is kept free for frames for this many rows' time,
 * unless no frame is due: three frames of four then meet an engine that is free.
 */
export const TILE_REST_ROWS = 3;

/** Tiles that have waited for this many rows' time ride along with frames: busy streams must not starve them. */
export const TILE_STARVATION_ROWS = 10;

/**
 * Chooses the next batch from `waiting`, which is in order of arrival: newest frames first, tiles in what
 * is left, and in each lane one row per viewer in turn, beginning behind `lastViewer`. Rows of one frame, which
 * several panes wait for, stay together: they share its forward pass.
 */
export function planBatch<Waiting extends WaitingRow>(
  waiting: readonly Waiting[],
  conditions: PlanConditions,
  lastViewer: string | null = null,
): Waiting[] {
  const frames = inTurn(waiting.filter((row) => row.lane === "frame"), lastViewer);
  const tiles = inTurn(waiting.filter((row) => row.lane === "tile"), lastViewer);
  if (frames.length > 0) {
    const within = frames.slice(0, rowsWithin(FRAME_BATCH_BUDGET_MS, conditions.rowMs));
    const begun = new Set(within.map(({ frame }) => frame));
    const rest = frames.slice(within.length).filter(({ frame }) => begun.has(frame));
    const batch = [...within, ...rest].slice(0, MAX_BATCH_ROWS);
    const free = MAX_BATCH_ROWS - batch.length;
    if (!conditions.moving) return [...batch, ...tiles.slice(0, free)];
    return conditions.sinceTileMs >= TILE_STARVATION_ROWS * conditions.rowMs
      ? [...batch, ...tiles.slice(0, Math.min(1, free))]
      : batch;
  }
  if (!conditions.moving) return tiles.slice(0, MAX_BATCH_ROWS);
  if (tileRestMs(conditions) > 0) return [];
  return tiles.slice(0, rowsWithin(MOVING_TILE_BUDGET_MS, conditions.rowMs));
}

/** How long tiles of a moving picture have to wait for frames that are due, in ms; 0 when they may go. */
export function tileRestMs({ moving, rowMs, sinceTileMs, nextFrameMs }: PlanConditions): number {
  if (!moving || nextFrameMs >= rowMs) return 0;
  return Math.max(0, (1 + TILE_REST_ROWS) * rowMs - sinceTileMs);
}

function rowsWithin(budgetMs: number, rowMs: number): number {
  return Math.min(MAX_BATCH_ROWS, Math.max(1, Math.floor(budgetMs / Math.max(rowMs, 1))));
}

/** Deals the rows of all viewers in turn, each viewer's own in their order. */
function inTurn<Waiting extends WaitingRow>(rows: readonly Waiting[], lastViewer: string | null): Waiting[] {
  const queues = new Map<string, Waiting[]>();
  for (const row of rows) {
    const queue = queues.get(row.viewer);
    if (queue === undefined) queues.set(row.viewer, [row]);
    else queue.push(row);
  }
  const viewers = [...queues.keys()].sort();
  const behind = lastViewer === null ? 0 : viewers.findIndex((viewer) => viewer > lastViewer);
  const first = Math.max(behind, 0);
  const order = [...viewers.slice(first), ...viewers.slice(0, first)];
  const dealt: Waiting[] = [];
  for (let round = 0; dealt.length < rows.length; round++) {
    for (const viewer of order) {
      const row = queues.get(viewer)?.[round];
      if (row !== undefined) dealt.push(row);
    }
  }
  return dealt;
}
