/** A request that is no viewer: its rows wait behind every viewer's frames. */
import type { FrameFormat } from "../../shared/codec.ts";
import type { BatchResult, Engine, FrameKey, Probe } from "../engine/port.ts";
import type { Attribution, GoodRow } from "../methods/mod.ts";
import type { Scheduler } from "../scheduler/mod.ts";

/** What a guest works with. */
export interface GuestParts {
  readonly engine: Engine;
  readonly scheduler: Scheduler;
  /** Unique among the guests in the life of the server, 1 or more. */
  readonly number: number;
  /** Ends what is under way; its reason is thrown. */
  readonly signal: AbortSignal;
  /** Called once, when the guest has gone. */
  readonly onEnd: () => void;
}

/** One request at the engine. */
export class Guest implements Pick<Engine, "run" | "model">, Disposable {
  readonly frame: FrameKey;
  readonly signal: AbortSignal;
  readonly #parts: GuestParts;

  constructor(parts: GuestParts) {
    this.#parts = parts;
    this.signal = parts.signal;
    // Viewers' keys are positive, so that the two never meet.
    this.frame = -parts.number;
  }

  get model(): Engine["model"] {
    return this.#parts.engine.model;
  }

  /**
   * Hands over the guest's one picture.
   *
   * @throws GradcastError `frame-side`, `frame-format`, `frame-corrupt` or `engine-failed`
   */
  admit(format: FrameFormat, picture: Uint8Array<ArrayBuffer>): Promise<void> {
    return this.#parts.engine.admit(this.frame, format, picture);
  }

  /**
   * Runs rows in the scheduler's lane for tiles, which takes what frames leave of the engine.
   *
   * @throws GradcastError `engine-failed`, or the signal's reason
   */
  run(batch: readonly Probe[]): Promise<BatchResult> {
    const { scheduler, number, signal } = this.#parts;
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      let rows: readonly GoodRow[] = [];
      const job = scheduler.submit({
        viewer: `guest ${number}`,
        frame: this.frame,
        still: true,
        attribution: rowsOf(batch, (good) => rows = good),
        listener: {
          ranking: () => {},
          tile: () => {},
          done: () => {
            signal.removeEventListener("abort", stop);
            resolve({ rows, computeMs: 0 });
          },
          failed: (error) => {
            signal.removeEventListener("abort", stop);
            reject(error);
          },
        },
      });
      const stop = () => {
        job.retire();
        reject(signal.reason);
      };
      signal.addEventListener("abort", stop, { once: true });
    });
  }

  [Symbol.dispose](): void {
    this.#parts.scheduler.release(this.frame);
    this.#parts.onEnd();
  }
}

/** A generator that asks for some rows and has no map of its own. */
function* rowsOf(probes: readonly Probe[], onRows: (rows: readonly GoodRow[]) => void): Attribution {
  onRows(yield { kind: "probes", lane: "tile", probes });
  return { classIndex: 0, layer: null, height: 0, width: 0, values: new Float32Array() };
}
