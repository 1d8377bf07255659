/** What the rest of the server knows of an engine: probes in, small arrays out. */
import type { FrameFormat } from "../../shared/codec.ts";
import type { Cover } from "../../shared/cover.ts";
import type { AnyHead } from "../heads/mod.ts";
import type { MapExtent } from "../../shared/map_extent.ts";
import type { ModelAbout } from "../../shared/model_about.ts";
import type { ModelInfo, Target } from "../../shared/protocol.ts";
import type { Normalisation } from "./model/normalisation.ts";
import type { Sketch } from "./sketch.ts";
import type { Detail, Want } from "./worker/wants/mod.ts";

export type { Detail, Want };

/** A frame inside the engine; unique over all viewers, never used again. */
export type FrameKey = number;

/** What takes the place of what is hidden; grey is 0 after normalisation, blur the frame itself out of focus. */
export const FILLS = ["grey", "black", "white", "blur"] as const;
export type Fill = typeof FILLS[number];

/** A rectangle of the model's input, in pixels. */
export interface InputWindow {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** How much of each pixel stays: a small map, enlarged bilinearly (half-pixel centres) to `enlarged`, cut at `top`, `left`. */
export interface Mask {
  readonly height: number;
  readonly width: number;
  /** `[height, width]`, 0 hides a pixel, 1 leaves it. */
  readonly values: Float32Array;
  /** Size in pixels that it is enlarged to, at least the input's; by default the input's. */
  readonly enlarged?: { readonly height: number; readonly width: number };
  /** Where the input lies in the enlarged map, in pixels; by default 0, 0. */
  readonly corner?: { readonly top: number; readonly left: number };
}

/** How a probe's input differs from its frame; x is the normalised frame. */
export type Variation =
  | { readonly kind: "none" }
  | { readonly kind: "fill"; readonly window: InputWindow; readonly fill: Fill }
  /** base + alpha·(x − base), alpha 0…1: a step on the straight way from the base to the frame. */
  | { readonly kind: "scale"; readonly alpha: number; readonly base: Fill }
  /** x + N(0, (level·(max x − min x))²), the same noise for the same seed. */
  | { readonly kind: "noise"; readonly seed: number; readonly level: number }
  /** base + mask·(x − base). */
  | { readonly kind: "mix"; readonly mask: Mask; readonly base: Fill }
  /** Another input altogether, `[height, width, 3]`, normalised; only the frame's key counts. */
  | { readonly kind: "input"; readonly values: Float32Array };

/** A number that a gradient is taken of. */
export type Score =
  /** A class's logit, or its probability; a rank means the row's own ranking. */
  | {
    readonly kind: "target";
    readonly target: Exclude<Target, { kind: "label" }>;
    readonly score: "logit" | "probability";
  }
  /** A channel's mean activation. */
  | { readonly kind: "channel"; readonly layer: string; readonly channel: number }
  | {
    readonly kind: "neuron";
    readonly layer: string;
    readonly row: number;
    readonly column: number;
    readonly channel: number;
  };

/**
 * How a gradient passes an activation: as calculus has it; only where value and gradient are both positive; or as calculus
 * has it, but past a rectifier that would let nothing of a row through where it leads back to the rectifier's range.
 */
export const GRADIENT_RULES = ["plain", "guided", "redirected"] as const;
export type GradientRule = typeof GRADIENT_RULES[number];

/** Rows of a batch at most: beyond this a batch takes longer without costing less per row. */
export const MAX_BATCH_ROWS = 8;

/** One row of a batch: a variation of one frame, and what is wanted back. */
export interface Probe {
  readonly frame: FrameKey;
  /** What of the frame is covered before it is varied; absent: nothing. Another input altogether has no cover. */
  readonly cover?: Cover;
  readonly variation: Variation;
  readonly want: Want;
  /** Seed of a dense layer with random weights in place of the one that yields the logits; absent: the model's own. */
  readonly randomHead?: number;
  /** Key of a head set by {@link Engine.setHead} in place of the dense layer that yields the logits; absent: the model's own. */
  readonly head?: number;
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

/** Values of a layer or of the input, `[height, width, channels]`. */
export interface Volume {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly values: Float32Array;
}

/** A gradient at the input, with the input that it belongs to. */
export interface InputGradient {
  /** Class whose score it is, or null for a channel or neuron. */
  readonly classIndex: number | null;
  /** The score itself. */
  readonly score: number;
  readonly input: Volume;
  readonly gradient: Volume;
}

/** What one bias contributes: t = gradient·bias for each place and channel. */
export interface BiasTerm {
  /**
   * Name of the node, with `:saturated` for what a ReLU6 cuts off, `:implicit` for what another function that is not
   * linear adds: f(x) − f′(x)·x.
   */
  readonly layer: string;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** `[height, width]`, Σ over channels of |t|. */
  readonly sums: Float32Array;
  /** Smallest and largest |t|. */
  readonly min: number;
  readonly max: number;
}

/** The result of one probe; a failed row leaves its neighbours alone. */
export type Row =
  | {
    readonly ok: true;
    readonly logits: Float32Array;
    readonly projection: Projection | null;
    readonly detail: Detail | null;
  }
  | { readonly ok: false; readonly reason: string };

/** The answer to a batch: `rows[i]` belongs to the i-th probe. */
export interface BatchResult {
  readonly rows: readonly Row[];
  /** Time that the engine's worker spent on the batch, in ms. */
  readonly computeMs: number;
  /** `[rows]` what each took of it, in ms: its share of what it was computed with. Absent: not known. */
  readonly rowMs?: readonly number[];
}

/** Sides of a picture, in pixels. */
export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/** A picture that the engine has taken. */
export interface Admitted {
  /** What it shows, to be compared with other frames. */
  readonly sketch: Sketch;
  /** Time that the engine's worker spent on it, decoding and resizing, in ms. */
  readonly computeMs: number;
}

/** A network's attention. */
export interface AttentionInfo {
  readonly blocks: number;
  /** Tokens of each block, those in front that stand for no place among them. */
  readonly tokens: number;
  readonly grid: { readonly height: number; readonly width: number; readonly skip: number };
  /** Whether the head can be applied to the output of every block. */
  readonly readouts: boolean;
}

/** A model as server and command line know it. */
export interface LoadedModel extends ModelInfo {
  /** `[classes]` names, in the order of the logits. */
  readonly labels: readonly string[];
  /** Layers in topological order with their output shapes, batch left out. */
  readonly layers: readonly {
    readonly name: string;
    readonly kind: string;
    /** Of tokens that lie on the picture `[height, width, channels]`, as `grid` says. */
    readonly shape: readonly number[];
    /** Names of the layers that it reads, in order; empty for the input. */
    readonly inputs: readonly string[];
    /** Where the cells of a spatial layer lie on the input; absent: they tile it, or nothing is known of them. */
    readonly extent?: MapExtent;
    /** Given for a layer of tokens that lie on the picture; `skip` of them come in front and stand for no place. */
    readonly grid?: { readonly height: number; readonly width: number; readonly skip: number };
    /** Given where three sides are not height, width and channels, as those of attention's heads are not. */
    readonly unplaced?: true;
    /** Given where the logits do not depend on it, as on the softmax behind them: no class can be explained there. */
    readonly unusedByLogits?: true;
  }[];
  /** Layer whose features the head pools and weights, or null where the head is another one. */
  readonly projectionLayer: string | null;
  /**
   * The row of numbers that the dense layer which yields the logits reads: how many they are, and the layer whose
   * channels' means they are, or null. Absent: no dense layer on such a row yields the logits, so that no other head can take
   * its place.
   */
  readonly features?: { readonly count: number; readonly layer: string | null };
  /** Given where the head is a tree, a forest or neighbours: no class has a gradient. */
  readonly withoutGradients?: true;
  /** Attention of patches of the picture to each other; absent: there is none. */
  readonly attention?: AttentionInfo;
  /** Given where it multiplies values with values, so that what one came from cannot be traced. */
  readonly multipliesValues?: true;
  /** What the network's input is made of: needed to make a picture of an input again. */
  readonly normalisation: Normalisation;
  /** Where that was read, or how sure it was guessed: "a guess, as nothing in the file says it". */
  readonly normalisationFrom?: string;
  /** A sentence on each thing that was guessed when it was opened; absent: nothing was. */
  readonly notes?: readonly string[];
  /** What it is made of and where it comes from. */
  readonly about: ModelAbout;
}

/** Figures for /healthz and for tests that hold memory flat. */
export interface EngineStats {
  readonly threads: number;
  readonly tensors: number;
  readonly tensorBytes: number;
  /** Most that `tensorBytes` ever was. */
  readonly mostBytes: number;
  /** End of the highest value that ever lay in the WebAssembly memory, in bytes. */
  readonly heapBytes: number;
  readonly frames: number;
  readonly batches: number;
}

/** What is known of an engine without asking it. */
export interface EngineVitals {
  /** Times that its worker was replaced. */
  readonly restarts: number;
  /** Why the newest worker was given up, and how long ago in ms; null: none was. */
  readonly lastRestart: { readonly reason: string; readonly agoMs: number } | null;
  /** How long no worker has been running, in ms; 0 while one is. */
  readonly downMs: number;
  /** The worker's figures as its newest reply had them, and their age in ms; null: none came yet. */
  readonly stats: (EngineStats & { readonly ageMs: number }) | null;
}

/** An engine: the real one computes in a worker, its in-memory twin with the small network of the tests. */
export interface Engine {
  readonly model: LoadedModel;
  readonly threads: number;
  /** One sentence on why fewer threads run than were asked for, or null. */
  readonly threadsNote: string | null;
  /**
   * Decodes, crops and resizes a picture once and keeps it under `key`.
   *
   * @param size of pixels (`rgb`) that are not of the model's input size
   * @throws GradcastError `frame-side`, `frame-format`, `frame-corrupt` or `engine-failed`
   */
  admit(
    key: FrameKey,
    format: FrameFormat,
    picture: Uint8Array<ArrayBuffer>,
    size?: PixelSize,
  ): Promise<Admitted>;
  /** Forgets a frame; unknown keys are ignored. */
  release(key: FrameKey): void;
  /**
   * Runs one batch.
   *
   * @throws GradcastError `engine-failed` when the worker died; it is replaced before the next call
   */
  run(batch: readonly Probe[]): Promise<BatchResult>;
  /**
   * Keeps a head under a key for probes that name it, or forgets it (null); it outlives the engine's worker.
   *
   * @throws GradcastError `bad-option` where the head does not fit the network's features
   */
  setHead(key: number, head: AnyHead | null): Promise<void>;
  /** Asks the engine for its figures: behind everything that was asked before. */
  stats(): Promise<EngineStats>;
  /** Answers at once with what is known. */
  vitals(): EngineVitals;
  close(): Promise<void>;
}

/** A text that is equal for probes that compute the same (within one frame). */
export function probeKey({ want, randomHead, head, ...input }: Probe): string {
  return `${inputKey(input)}|${JSON.stringify(want)}|${randomHead ?? ""}|${head ?? ""}`;
}

/** A frame as it is, or under a cover. */
export type FramePicture = Pick<Probe, "frame" | "cover">;

/** A text that is equal for probes whose networks see the same. */
export function inputKey({ variation, ...picture }: FramePicture & Pick<Probe, "variation">): string {
  return `${pictureKey(picture)}|${variationKey(variation)}`;
}

/** A text that is equal for equal pictures, and begins with the frame's key. */
export function pictureKey({ frame, cover }: FramePicture): string {
  return cover === undefined ? `${frame}` : `${frame} ${cover.fill} ${cover.cells}`;
}

/** A text that is equal for equal variations of one frame. */
function variationKey(variation: Variation): string {
  return JSON.stringify(
    variation,
    (_name, value: unknown) => value instanceof Float32Array ? digest(value) : value,
  );
}

/** 2·32 bits of FNV-1a over the bits of the numbers: enough to tell the masks of one frame apart. */
function digest(values: Float32Array): string {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let first = 0x811c9dc5;
  let second = 0x01000193;
  for (const word of words) {
    first = Math.imul(first ^ word, 0x01000193);
    second = Math.imul(second ^ (word >>> 15) ^ (word << 17), 0x85ebca6b);
  }
  return `${values.length}:${first >>> 0}:${second >>> 0}`;
}
