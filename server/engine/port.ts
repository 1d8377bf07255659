/** What the rest of the server knows of an engine: probes in, small arrays out. */
import type { FrameFormat } from "../../shared/codec.ts";
import type { ModelInfo } from "../../shared/protocol.ts";

/** A frame inside the engine; unique over all viewers, never used again. */
export type FrameKey = number;

/** What a hidden window is filled with; grey is 0 after normalisation. */
export const FILLS = ["grey", "black", "white"] as const;
export type Fill = typeof FILLS[number];

/** A rectangle of the model's input, in px. */
export interface InputWindow {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** How a probe's input differs from its frame. */
export type Variation =
  | { readonly kind: "none" }
  | { readonly kind: "fill"; readonly window: InputWindow; readonly fill: Fill };

/** What a probe asks for beside the logits of all classes, which every row brings. */
export type Want =
  | { readonly kind: "logits" }
  /**
   * The features of the last layer weighted by the head: Σ_k W[k,c]·A_k for the frame's own `top` classes
   * and the classes in `also`. Only for global average pooling followed by one dense layer.
   */
  | { readonly kind: "projection"; readonly top: number; readonly also: readonly number[] };

/** Rows of a batch at most: beyond this a batch takes longer without costing less per row. */
export const MAX_BATCH_ROWS = 8;

/** One row of a batch: a variation of one frame, and what is wanted back. */
export interface Probe {
  readonly frame: FrameKey;
  readonly variation: Variation;
  readonly want: Want;
}

/** Maps of several classes of one row. */
export interface Projection {
  /** Class index of each map: the top classes in falling order, then those of `also` not among them. */
  readonly classes: readonly number[];
  readonly height: number;
  readonly width: number;
  /** `[classes, height, width]`, signed, in logit units times `height·width`. */
  readonly values: Float32Array;
}

/** What one probe brought; a failed row leaves its neighbours alone. */
export type Row =
  | { readonly ok: true; readonly logits: Float32Array; readonly projection: Projection | null }
  | { readonly ok: false; readonly reason: string };

/** The answer to a batch: `rows[i]` belongs to the i-th probe. */
export interface BatchResult {
  readonly rows: readonly Row[];
  /** Time that the engine's worker spent on the batch, in ms. */
  readonly computeMs: number;
}

/** A model as server and command line know it. */
export interface LoadedModel extends ModelInfo {
  /** `[classes]` names, in the order of the logits. */
  readonly labels: readonly string[];
  /** Layers in topological order with their output shapes, batch left out. */
  readonly layers: readonly {
    readonly name: string;
    readonly kind: string;
    readonly shape: readonly number[];
  }[];
  /** Layer whose features the head pools and weights, or null where the head is another one. */
  readonly projectionLayer: string | null;
}

/** Figures for /healthz and for tests that hold memory flat. */
export interface EngineStats {
  readonly threads: number;
  readonly tensors: number;
  readonly tensorBytes: number;
  /** Size of the WebAssembly memory, in bytes. */
  readonly heapBytes: number;
  readonly frames: number;
  readonly batches: number;
}

/** An engine: the real one computes in a worker, its in-memory twin with a network of ten numbers. */
export interface Engine {
  readonly model: LoadedModel;
  readonly threads: number;
  /** One sentence on why fewer threads run than were asked for, or null. */
  readonly threadsNote: string | null;
  /**
   * Decodes, crops and resizes a picture once and keeps it under `key`.
   *
   * @throws GradcastError `frame-side`, `frame-format`, `frame-corrupt` or `engine-failed`
   */
  admit(key: FrameKey, format: FrameFormat, picture: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Forgets a frame; unknown keys are ignored. */
  release(key: FrameKey): void;
  /**
   * Runs one batch.
   *
   * @throws GradcastError `engine-failed` when the worker died; it is replaced before the next call
   */
  run(batch: readonly Probe[]): Promise<BatchResult>;
  stats(): Promise<EngineStats>;
  close(): Promise<void>;
}

/** A text that is equal for probes that compute the same (within one frame). */
export function probeKey(probe: Probe): string {
  return `${probe.frame}|${JSON.stringify(probe.variation)}|${JSON.stringify(probe.want)}`;
}
