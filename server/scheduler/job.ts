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
 * What the scheduler reports of a job; after `done` or `failed` nothing more comes. `costMs` is the engine's time for the
 * job's rows so far, each with its share of the batch that it was in and of those who waited for it with it.
 */
export interface JobListener {
  /** `whole`: the logits of the frame without its cover; absent: it has none, or nobody wants them. */
  ranking(logits: Float32Array, times: RowTimes, whole?: Float32Array): void;
  tile(tile: MapTile, costMs: number): void;
  done(map: RawMap, costMs: number): void;
  failed(error: GradcastError): void;
}

/** Whose place a map has, and how it is held there while newer frames come (G4). */
export interface Hold {
  /** The place of the map among those of its viewer; a newer frame's map has the same one. */
  readonly pane: number;
  /** Maps of another revision of the same pane are another map. */
  readonly revision: number;
  /**
   * `map`: the frame is held until its map is complete or old, and newer frames are predicted alone. `row`: what was
   * measured counts for newer frames as well, so that only the rows that wait are still computed. `never`: it gives way
   * to the newer frame's, as a map of one row does.
   */
  readonly until: "map" | "row" | "never";
  /** Predictions alone, for a frame that comes while an older map is held; absent: nothing is wanted of it then. */
  readonly glance?: Attribution;
}

/** Work for the scheduler. */
export interface Job {
  readonly viewer: string;
  /** True of requests over HTTP, which have one share together. */
  readonly guest?: true;
  readonly frame: FrameKey;
  /** Id of the model that computes its rows. */
  readonly model: string;
  /** True of what is measured beside the maps: it is no frame that a next one could be expected from. */
  readonly beside?: true;
  /** True where no newer frame of this viewer is about to follow. */
  readonly still: boolean;
  readonly attribution: Attribution;
  /** Absent: nothing is held for it, and it takes nobody's place. */
  readonly hold?: Hold;
  readonly listener: JobListener;
}

/** A submitted job. */
export interface JobHandle {
  /** Starts no further rows of this job, nor of an older map that is held in its place. */
  retire(): void;
  /** A newer frame takes the job's place: as `retire`, unless its map is held. */
  supersede(): void;
}
