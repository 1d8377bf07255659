/** The engine's in-memory twin: a network of ten numbers that answers at once and remembers what it was asked. */
import type { FrameFormat } from "../../shared/codec.ts";
import { GradcastError } from "../../shared/errors.ts";
import { sniffFormat } from "./image/sniff.ts";
import type {
  BatchResult,
  Engine,
  EngineStats,
  Fill,
  FrameKey,
  LoadedModel,
  Probe,
  Row,
  Variation,
} from "./port.ts";
import { topClasses } from "./top_classes.ts";
import { probeFault } from "./worker/fault.ts";

/** Cells along a side of the twin's maps. */
const GRID = 7;
const CELLS = GRID * GRID;

/** Input's side, in px. */
const SIDE_PX = 224;

const LABELS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

const MODEL: LoadedModel = {
  id: "memory",
  name: "Ten numbers",
  width: SIDE_PX,
  height: SIDE_PX,
  defaultLayer: "features",
  classes: LABELS.length,
  labels: LABELS,
  layers: [
    { name: "input", kind: "InputLayer", shape: [SIDE_PX, SIDE_PX, 3] },
    { name: "features", kind: "Conv2D", shape: [GRID, GRID, LABELS.length] },
    { name: "pool", kind: "GlobalAveragePooling2D", shape: [LABELS.length] },
    { name: "logits", kind: "Dense", shape: [LABELS.length] },
  ],
  projectionLayer: "features",
};

/** What a wholly hidden cell says for every class. */
const HIDDEN: Readonly<Record<Fill, number>> = { grey: 0, black: -1, white: 1, blur: 0.5 };

/** Options of {@link createMemoryEngine}. */
export interface MemoryEngineOptions {
  /** Awaited before a picture is taken; what it throws refuses the picture. */
  readonly beforeAdmit?: (key: FrameKey, picture: Uint8Array) => void | Promise<void>;
  /** Awaited before a batch is run, to slow the engine down; what it throws fails the batch. */
  readonly beforeRun?: (batch: readonly Probe[]) => void | Promise<void>;
  /** What is to be different about the model. */
  readonly model?: Partial<Pick<LoadedModel, "id" | "name" | "width" | "height">>;
}

/** An engine without a worker that also tells what it was asked. */
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
 * mean. A filled window hides cells, in proportion where it covers them partly. Pictures are not decoded: all that
 * is asked of one is that it begins like its format.
 */
export function createMemoryEngine(options: MemoryEngineOptions = {}): MemoryEngine {
  const model = { ...MODEL, ...options.model };
  const evidence = new Map<FrameKey, readonly Float32Array[]>();
  const batches: (readonly Probe[])[] = [];
  let closed = false;

  let last: Promise<unknown> = Promise.resolve();
  /** Calls are served one after the other, as by the worker of the real engine. */
  const inTurn = <T>(serve: () => Promise<T>): Promise<T> => {
    const served = last.then(() => {
      if (closed) throw new GradcastError("engine-failed", "Cannot call the engine as it was closed");
      return serve();
    });
    last = served.catch(() => {});
    return served;
  };

  return {
    model,
    threads: 1,
    threadsNote: null,
    batches,
    get frames() {
      return new Set(evidence.keys());
    },

    admit(key: FrameKey, format: FrameFormat, picture: Uint8Array<ArrayBuffer>): Promise<void> {
      const copy = picture.slice();
      return inTurn(async () => {
        await options.beforeAdmit?.(key, copy);
        const found = sniffFormat(copy);
        if (found !== format) {
          throw new GradcastError(
            "frame-format",
            `Cannot take the picture as its first bytes have to be those of ${format}: current value is ${found}`,
          );
        }
        evidence.set(key, evidenceOf(copy));
      });
    },

    release(key: FrameKey): void {
      inTurn(() => Promise.resolve(evidence.delete(key))).catch(() => {});
    },

    run(batch: readonly Probe[]): Promise<BatchResult> {
      return inTurn(async () => {
        batches.push(batch);
        await options.beforeRun?.(batch);
        return { rows: batch.map((probe) => compute(probe, evidence.get(probe.frame), model)), computeMs: 0 };
      });
    },

    stats(): Promise<EngineStats> {
      return inTurn(() =>
        Promise.resolve({
          threads: 1,
          tensors: 0,
          tensorBytes: 0,
          heapBytes: 0,
          frames: evidence.size,
          batches: batches.length,
        })
      );
    },

    close(): Promise<void> {
      closed = true;
      return Promise.resolve();
    },
  };
}

/** `[classes]` maps of 7×7 numbers. */
function evidenceOf(picture: Uint8Array): readonly Float32Array[] {
  const seed = hash(picture);
  return LABELS.map((_label, c) => Float32Array.from({ length: CELLS }, (_, cell) => noise(seed, c, cell)));
}

function compute(probe: Probe, evidence: readonly Float32Array[] | undefined, model: LoadedModel): Row {
  const { variation, want } = probe;
  const fault = probeFault(probe, evidence !== undefined, model);
  if (evidence === undefined || fault !== null) {
    return { ok: false, reason: `Cannot compute the row as ${fault}` };
  }
  const maps = evidence.map((map) => vary(map, variation, model));
  const logits = Float32Array.from(maps, (map) => map.reduce((sum, value) => sum + value, 0) / CELLS);
  if (want.kind !== "projection") return { ok: true, logits, projection: null, detail: null };
  const classes = [...new Set([...topClasses(logits, want.top), ...want.also])];
  const values = new Float32Array(classes.length * CELLS);
  for (const [place, c] of classes.entries()) values.set(maps[c] ?? [], place * CELLS);
  return { ok: true, logits, projection: { classes, height: GRID, width: GRID, values }, detail: null };
}

function vary(map: Float32Array, variation: Variation, { width, height }: LoadedModel): Float32Array {
  if (variation.kind !== "fill") return map;
  const { window: { top, left, ...sides }, fill } = variation;
  return map.map((value, cell) => {
    const rows = overlap(Math.floor(cell / GRID), height / GRID, top, sides.height);
    const columns = overlap(cell % GRID, width / GRID, left, sides.width);
    return value + rows * columns * (HIDDEN[fill] - value);
  });
}

/** Share of the `index`-th cell of `size` px that a stretch of px covers. */
function overlap(index: number, size: number, start: number, length: number): number {
  const covered = Math.min(start + length, (index + 1) * size) - Math.max(start, index * size);
  return Math.max(0, covered) / size;
}

/** FNV-1a. */
function hash(bytes: Uint8Array): number {
  return bytes.reduce((state, byte) => Math.imul(state ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
}

/** A number from −10 to 10 that only its arguments decide. */
function noise(...parts: readonly number[]): number {
  let state = 0;
  for (const part of parts) {
    state = Math.imul(state ^ part, 0x85ebca6b);
    state = Math.imul(state ^ state >>> 13, 0xc2b2ae35);
    state ^= state >>> 16;
  }
  return (state >>> 0) / 2 ** 32 * 20 - 10;
}
