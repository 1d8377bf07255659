/** What an attribution method is: a generator over probes that emits tiles of its raw map. */
import type { Samples, Tile } from "../../shared/codec.ts";
import type { MapExtent } from "../../shared/map_extent.ts";
import type { MethodInfo, OptionValues, Target } from "../../shared/protocol.ts";
import type { FrameKey, LoadedModel, Probe, Row } from "../engine/port.ts";
import type { Sketch } from "../engine/sketch.ts";

/**
 * A rectangle of a raw map as a method emits it while it works; the session adds frame, pane and revision.
 * The finished map is the generator's return value, sent whole: a method of one row emits no tile.
 */
export type MapTile = Omit<Tile, "frame" | "revision" | "pane" | "complete" | "costMs" | "samples"> & {
  /** What a sampling method's map is made of so far. */
  readonly samples?: Samples;
};

/** The finished raw map of one frame. */
export interface RawMap {
  readonly classIndex: number;
  readonly layer: string | null;
  readonly height: number;
  readonly width: number;
  /** Where the cells lie on the input; absent: they tile it. */
  readonly extent?: MapExtent;
  /** `[height, width]`, in the method's unit, before any display scaling. */
  readonly values: Float32Array;
  /** `[height, width, 3]`, 0…255: a picture to be shown as it is, for methods that make one. */
  readonly rgb?: Uint8Array<ArrayBuffer>;
  /** Given where what was to be raised never answered, so that the picture shows nothing of it. */
  readonly silent?: true;
  /** How far a method that adds up to the score misses it, in the score's unit. */
  readonly completeness?: number;
  /** The score that such a map is to add up to, in its unit; given with `completeness`. */
  readonly total?: number;
  /** Of a sampling method: what the map is made of. */
  readonly samples?: Samples;
}

/** What a generator yields: probes, whose rows it is resumed with, or something to show. */
export type MethodStep =
  /** `frame` rows go into the very next batch, `tile` rows fill what is left of it. */
  | { readonly kind: "probes"; readonly lane: "frame" | "tile"; readonly probes: readonly Probe[] }
  | { readonly kind: "tile"; readonly tile: MapTile }
  /**
   * The logits of the unchanged frame, `[classes]`: the predictions can be shown before the map is there. `whole`: those of
   * the frame without its cover.
   */
  | { readonly kind: "ranking"; readonly logits: Float32Array; readonly whole?: Float32Array };

/** A rows array answers a `probes` step, in its order; the other steps are answered with an empty one. */
export type Attribution = Generator<MethodStep, RawMap, readonly GoodRow[]>;

/** A row that has its numbers; the scheduler ends a method whose row failed. */
export type GoodRow = Extract<Row, { ok: true }>;

/** What a method remembers from one frame of a stream to the next; empty on a single picture. */
export type Carry = Map<string, unknown>;

/** All that a method knows of its work. */
export interface MethodContext {
  readonly frame: FrameKey;
  readonly model: LoadedModel;
  /** Resolved: a rank of the frame's own ranking or a class index. */
  readonly target: Exclude<Target, { kind: "label" }>;
  /** Classes whose projections the frame's row has without asking, where they are known already; absent: unknown. */
  readonly projected?: readonly number[];
  readonly layer: string;
  /** Every option of the method, defaults filled in. */
  readonly options: OptionValues;
  readonly carry: Carry;
  /**
   * What the frame shows, once its first row is answered; null before. Absent where there is no stream: then nothing is
   * carried from one frame to another.
   */
  readonly sketch?: () => Sketch | null;
  /** True where no newer frame is about to follow: larger groups of probes are then worth their wait. */
  readonly still: boolean;
}

/** A method of the registry. */
export interface Method extends Omit<MethodInfo, "looksAt" | "subject" | "cost"> {
  /** What a map takes at the method's own layer and options, in forward passes: the prediction itself is 1. */
  readonly cost: number;
  /** Given where the map shows the network itself; absent: positions of the picture, as large as they count. */
  readonly subject?: "network";
  /** Given where it takes no gradient of a class, so that it works with heads that have none. */
  readonly withoutGradients?: true;
  /** Given where what is computed of one frame counts for the next ones of its stream as well (`carry`). */
  readonly carries?: true;
  /** Layers of this model that can be the target layer; the first is the default; empty: no layer is needed. */
  layers(model: LoadedModel): readonly string[];
  /** Defaults that follow the model, by the option's name; absent: those of the table hold for every model. */
  presets?(model: LoadedModel): OptionValues;
  /**
   * Refuses what the tables cannot say: options that contradict each other, a model with another head.
   *
   * @throws GradcastError `bad-option` or `unknown-layer`
   */
  check?(model: LoadedModel, options: OptionValues): void;
  /**
   * The probe of the unchanged frame that `attribute` begins with; absent: that of `frameProbe`. The ranking is
   * read off its row, so that a method whose first row is a gradient costs no second forward.
   */
  first?(context: MethodContext): Probe;
  attribute(context: MethodContext): Attribution;
}

/** What a generator that is ended early returns; nobody reads it. */
const EMPTY_MAP: RawMap = { classIndex: 0, layer: null, height: 0, width: 0, values: new Float32Array(0) };

/** Ends a generator before its map is there, so that what it holds is given back. */
export function endEarly(attribution: Attribution): void {
  attribution.return(EMPTY_MAP);
}
