/** The engine's in-memory twin: the small network, wired linearly, answers at once; what it was asked is remembered. */
import type { FrameFormat } from "../../../shared/codec.ts";
import { GradcastError } from "../../../shared/errors.ts";
import { sniffFormat } from "../image/sniff.ts";
import type { Admitted, BatchResult, Engine, EngineStats, EngineVitals, FrameKey, Probe } from "../port.ts";
import type { InputFrame } from "../worker/input/frame.ts";
import { type ModelChanges, SmallNetwork } from "./small_network.ts";

/** Options of {@link createMemoryEngine}. */
export interface MemoryEngineOptions {
  /** Awaited before a picture is taken; what it throws refuses the picture. */
  readonly beforeAdmit?: (key: FrameKey, picture: Uint8Array) => void | Promise<void>;
  /** Awaited before a batch is run, to slow the engine down; what it throws fails the batch. */
  readonly beforeRun?: (batch: readonly Probe[]) => void | Promise<void>;
  /** What is to be different about the model. */
  readonly model?: ModelChanges;
}

/** An engine without a worker that also reports what it was asked. */
export interface MemoryEngine extends Engine {
  /** Every batch so far, in order. */
  readonly batches: readonly (readonly Probe[])[];
  /** Frames that it keeps. */
  readonly frames: ReadonlySet<FrameKey>;
}

/**
 * Makes an engine whose network is a pure function of a frame's bytes and its variation.
 *
 * A frame's bytes give each class a map of 7×7 numbers, which is its projection; the class's logit is the map's
 * mean. All variations are of pixels, as the real engine makes them: a hidden cell loses its evidence. Pictures are not
 * decoded: all that is asked of one is that it begins like its format.
 */
export function createMemoryEngine(options: MemoryEngineOptions = {}): MemoryEngine {
  const network = new SmallNetwork({ wiring: "linear", ...options.model });
  const frames = new Map<FrameKey, InputFrame>();
  const batches: (readonly Probe[])[] = [];
  let closed = false;

  let last: Promise<unknown> = Promise.resolve();
  /** Calls are served one after the other, as by the worker of the real engine. */
  const inTurn = <T>(serve: () => Promise<T>): Promise<T> => {
    const served = last.then(() => {
      if (closed) throw new GradcastError("engine-failed", "Cannot call the engine: it was closed");
      return serve();
    });
    last = served.catch(() => {});
    return served;
  };

  const figures = (): EngineStats => ({
    threads: 1,
    tensors: 0,
    tensorBytes: 0,
    mostBytes: 0,
    heapBytes: 0,
    frames: frames.size,
    batches: batches.length,
  });

  return {
    model: network.model,
    threads: 1,
    threadsNote: null,
    batches,
    get frames() {
      return new Set(frames.keys());
    },

    admit(key: FrameKey, format: FrameFormat, picture: Uint8Array<ArrayBuffer>): Promise<Admitted> {
      const copy = picture.slice();
      return inTurn(async () => {
        await options.beforeAdmit?.(key, copy);
        const found = format === "rgb" ? format : sniffFormat(copy);
        if (found !== format) {
          throw new GradcastError(
            "frame-format",
            `Cannot take the picture: its first bytes must be those of ${format}, got ${found}`,
          );
        }
        const frame = network.frameOf(copy);
        frames.set(key, frame);
        return { sketch: network.sketchOf(frame), computeMs: 0 };
      });
    },

    release(key: FrameKey): void {
      inTurn(() => Promise.resolve(frames.delete(key))).catch(() => {});
    },

    run(batch: readonly Probe[]): Promise<BatchResult> {
      return inTurn(async () => {
        batches.push(batch);
        await options.beforeRun?.(batch);
        return { rows: batch.map((probe) => network.compute(probe, frames.get(probe.frame))), computeMs: 0 };
      });
    },

    setHead(key, head): Promise<void> {
      return inTurn(() => Promise.resolve(network.setHead(key, head)));
    },

    stats(): Promise<EngineStats> {
      return inTurn(() => Promise.resolve(figures()));
    },

    vitals(): EngineVitals {
      return { restarts: 0, lastRestart: null, downMs: 0, stats: { ...figures(), ageMs: 0 } };
    },

    close(): Promise<void> {
      closed = true;
      return Promise.resolve();
    },
  };
}
