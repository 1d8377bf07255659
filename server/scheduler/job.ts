/** One viewer's explanation of one frame, on its way through the scheduler. */
import type { GradcastError } from "../../shared/errors.ts";
import type { FrameKey } from "../engine/port.ts";
import type { Attribution, MapTile, RawMap } from "../methods/method.ts";

/** When the row of the unchanged frame was computed, in ms of the scheduler's clock. */
export interface RowTimes {
  readonly startedMs: number;
  /** Time that the engine spent on the batch with that row; 0 when the row was known already. */
  readonly computeMs: number;
}

/**
 * What the scheduler tells of a job; after `done` or `failed` nothing more comes. `costMs` is the engine's time for the
 * job's rows so far, each with its share of the batch that it was in and of those who waited for it with it.
 */
export interface JobListener {
  ranking(logits: Float32Array, times: RowTimes): void;
  tile(tile: MapTile, costMs: number): void;
  done(map: RawMap, costMs: number): void;
  failed(error: GradcastError): void;
}

/** Work for the scheduler. */
export interface Job {
  readonly viewer: string;
  readonly frame: FrameKey;
  /** True where no newer frame of this viewer is about to follow. */
  readonly still: boolean;
  readonly attribution: Attribution;
  readonly listener: JobListener;
}

/** A submitted job. */
export interface JobHandle {
  /** Starts no further rows of this job; rows that are being computed still bring their tiles. */
  retire(): void;
}
