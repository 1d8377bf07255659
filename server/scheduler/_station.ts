/** One model's engine as the scheduler sees it: its pictures, what its rows cost, the one batch that it computes. */
import type { Clock } from "../clock/mod.ts";
import { GradcastError } from "../../shared/errors.ts";
import type { Admitted, Engine, FrameKey } from "../engine/port.ts";
import { type Picture, Pictures } from "./_pictures.ts";
import { FIRST_ROW_MS, RowCosts } from "./costs.ts";

/** What the scheduler needs of an engine. */
export type ComputingEngine = Pick<Engine, "admit" | "release" | "run">;

/** Weight of the newest batch in the measured cost of a row. */
const MEASURE_WEIGHT = 0.2;

/** What a station reports. */
export interface StationParts {
  readonly clock: Clock;
  /** Receives what a picture cost, in ms, once the engine is done with it. */
  readonly onCost: (account: string, cost: { readonly ms: number; readonly spare: boolean }) => void;
}

/** Where the rows of one model are computed; without an engine they wait for one. */
export class Station {
  readonly model: string;
  readonly costs = new RowCosts();
  readonly pictures: Pictures;
  engine: ComputingEngine | null = null;
  /** Why there is no engine and none will come; null: one is here, or is awaited. */
  fault: GradcastError | null = null;
  /** Whether a batch is being computed. */
  busy = false;
  /** Ends the wait for a better moment. */
  cancelRest = (): void => {};
  /** Cost of a row, in ms. */
  rowMs = FIRST_ROW_MS;
  /** When a tile row was last taken, and when the engine last answered, in ms of the clock. */
  lastTileMs = -Infinity;
  answeredMs = -Infinity;
  /** When a row of what is measured beside maps was last taken, in ms of the clock. */
  lastBesideMs = -Infinity;
  /** Frames that the engine may have. */
  readonly #frames = new Set<FrameKey>();

  constructor(model: string, { clock, onCost }: StationParts) {
    this.model = model;
    this.pictures = new Pictures({
      admit: (picture) => this.#admit(picture),
      clock,
      answeredMs: () => this.answeredMs,
      onCost: (account, cost) => {
        this.answeredMs = clock.now();
        onCost(account, cost);
      },
    });
  }

  /** Whether a batch can begin. */
  get isFree(): boolean {
    return this.engine !== null && !this.busy;
  }

  /** Learns from a batch what a row costs, in ms. */
  measured(rowMs: number): void {
    this.rowMs += MEASURE_WEIGHT * (rowMs - this.rowMs);
  }

  /** Notes the frames of a batch. */
  begun(frames: Iterable<FrameKey>): void {
    for (const frame of frames) this.#frames.add(frame);
    this.busy = true;
  }

  /** Forgets a frame, in the engine too where it has it. */
  release(frame: FrameKey): void {
    if (this.pictures.waits(frame)) this.pictures.drop(frame);
    else if (this.#frames.delete(frame)) this.engine?.release(frame);
  }

  /** Takes an engine's place, or leaves it empty. */
  exchange(engine: ComputingEngine | null, fault: GradcastError | null = null): void {
    this.engine = engine;
    this.fault = fault;
    this.#frames.clear();
    if (fault !== null) this.pictures.refuse(fault);
  }

  #admit({ frame, format, bytes, size }: Picture): Promise<Admitted> {
    if (this.engine === null) {
      return Promise.reject(
        new GradcastError("engine-failed", "Cannot take the picture: its model was unloaded"),
      );
    }
    this.#frames.add(frame);
    return this.engine.admit(frame, format, bytes, size);
  }
}
