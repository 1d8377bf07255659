/** A job on its way: the generator that it runs, and the rows that this one waits for. */
import type { Attribution, GoodRow } from "../methods/method.ts";
import type { Job, RowTimes } from "./job.ts";

/** A job with the group of rows that its generator waits for. */
export interface Run {
  readonly job: Job;
  /** Whose share of the engine pays. */
  readonly account: string;
  /** `glance`: predictions alone, while an older map is held; `parked`: these are made, and the map has to wait. */
  phase: "map" | "glance" | "parked";
  generator: Attribution;
  /** Whether the ranking was reported: once for each frame, though glance and map both have it. */
  ranked: boolean;
  lane: "frame" | "tile";
  rows: (GoodRow | undefined)[];
  missing: number;
  times: RowTimes;
  costMs: number;
  state: "active" | "retired" | "ended";
  readonly startedMs: number;
  /** Rows beside the frame's own that its map is made of so far. */
  tileRows: number;
}

/** Begins with a job; nothing runs yet. */
export function runOf(job: Job, account: string, nowMs: number): Run {
  return {
    job,
    account,
    phase: "map",
    generator: job.attribution,
    ranked: false,
    lane: "frame",
    rows: [],
    missing: 0,
    times: { startedMs: nowMs, computeMs: 0 },
    costMs: 0,
    state: "active",
    startedMs: nowMs,
    tileRows: 0,
  };
}
