/** What a clip was of: frame by frame what the network said and the raw maps, in one JSON file beside it. */
import * as v from "valibot";
import { CoverSchema } from "./cover.ts";
import { HEAD_KINDS } from "./head_model.ts";
import { OptionValuesSchema, TargetSchema } from "./protocol.ts";
import { SmallMapSchema } from "./small_map.ts";

/** Version of the file that is written; of others only the first can be read. */
export const SIDECAR_VERSION = 2;

/** Frames of a sidecar at most: an hour at 30 a second. */
export const MAX_SIDECAR_FRAMES = 108_000;

/** Markers of a sidecar at most. */
export const MAX_MARKERS = 1_000;

/** Names of classes in a sidecar at most. */
export const MAX_SIDECAR_LABELS = 100_000;

/** Changes of the view, or of the picture's shape, in a sidecar at most. */
export const MAX_SIDECAR_VIEWS = 10_000;

/** The longest shape that an input has: its sides have 1 to 2,048 pixels. */
const MAX_ASPECT = 2_048;

/** Seconds from the beginning of the clip. */
const Seconds = v.pipe(v.number(), v.finite(), v.minValue(0));
const Whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const Text = v.pipe(v.string(), v.maxLength(200));
const Side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16_384));

const Finite = v.pipe(v.number(), v.finite());

/** A model by which frames are explained. */
export const SidecarModelSchema = v.object({
  id: Text,
  name: Text,
  /** SHA-256 by which its files are known, in hex; absent: it was not known. */
  sha256: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
  /** Of a model that was taught: the kind of its head; absent: it was not. */
  taughtHead: v.optional(v.picklist(HEAD_KINDS)),
});
export type SidecarModel = v.InferOutput<typeof SidecarModelSchema>;

/** What frames have in common until the view, or the picture's shape, changes. */
export const SidecarViewSchema = v.object({
  /** Absent: that of the file. */
  model: v.optional(SidecarModelSchema),
  method: Text,
  /** The method's name for people. */
  name: Text,
  target: TargetSchema,
  layer: v.nullable(Text),
  options: OptionValuesSchema,
  /** Whether the values of the maps have two signs. */
  signed: v.boolean(),
  /** Whether the maps show the network itself, so that no picture is seen below them. */
  network: v.boolean(),
  /** Unit of the maps' values. */
  unit: Text,
  /** Whether left and right of picture and map are exchanged, as in a mirror; the raw maps never are. */
  mirrored: v.boolean(),
  /** Width and height of the picture in pixels; it lies in the middle of the clip's frame, as large as fits. */
  picture: v.tuple([Side, Side]),
  /** Width over height of the part in the picture's middle that the network sees; absent: 1. */
  aspect: v.exactOptional(v.pipe(v.number(), v.finite(), v.minValue(1 / MAX_ASPECT), v.maxValue(MAX_ASPECT))),
  /** What of the picture was hidden from the network; absent: nothing. */
  cover: v.exactOptional(CoverSchema),
});
export type SidecarView = v.InferOutput<typeof SidecarViewSchema>;

export const SidecarFrameSchema = v.object({
  t: Seconds,
  /** Place in `views`. */
  view: Whole,
  /** The frame that the map and the predictions are of, or null where none was explained. */
  frame: v.nullable(Whole),
  /** Class that the map explains, or null. */
  target: v.nullable(Whole),
  /** Class and probability, best first. */
  predictions: v.pipe(
    v.array(v.tuple([Whole, v.pipe(v.number(), v.minValue(0), v.maxValue(1))])),
    v.maxLength(20),
  ),
  /** True where the first prediction was no more than a guess; absent: false. */
  unsure: v.optional(v.boolean()),
  /** The values that get the first colour and the last, in the view's unit; null where no map had anything to show. */
  scale: v.nullable(v.pipe(
    v.object({ low: Finite, high: Finite }),
    v.check(({ low, high }) => low < high, "the low end of the scale is below the high one"),
  )),
  /** Null: the map is that of the entry before. */
  map: v.nullable(SmallMapSchema),
});
export type SidecarFrame = v.InferOutput<typeof SidecarFrameSchema>;

/** A place in the clip that somebody marked. */
export const MarkerSchema = v.object({ t: Seconds, name: Text });
export type Marker = v.InferOutput<typeof MarkerSchema>;

/** A class's index, as the key of its name; of another model than the file's, its id stands behind it. */
export const LabelKeySchema = v.pipe(v.string(), v.regex(/^\d{1,9}$/));
export const OtherLabelKeySchema = v.pipe(v.string(), v.maxLength(220), v.regex(/^\d{1,9}@./));
export const LabelNameSchema = Text;
export const SharedNameSchema = Whole;

const common = {
  created: v.pipe(v.string(), v.isoTimestamp()),
  /** The model of the beginning. */
  model: SidecarModelSchema,
  /** Size of the clip's frame in pixels, and whether the map is drawn into it. */
  width: Side,
  height: Side,
  drawn: v.boolean(),
  durationS: Seconds,
};

/** What a sidecar says beside its lists. */
export const SidecarHeadSchema = v.object({ gradcast: v.literal(SIDECAR_VERSION), ...common });

/** Everything that is known of a clip. */
export interface Sidecar extends v.InferOutput<typeof SidecarHeadSchema> {
  /** Names of the classes that are mentioned, by index. */
  readonly labels: Readonly<Record<string, string>>;
  /** Those of them whose name another class of the model has too. */
  readonly sharedNames: readonly number[];
  /** Names of the classes of other models, by {@link otherLabelKey}; absent: there is no other model. */
  readonly otherLabels?: Readonly<Record<string, string>>;
  readonly views: readonly SidecarView[];
  readonly frames: readonly SidecarFrame[];
  readonly markers: readonly Marker[];
}

/** The head of the first version: one view, one scale and one shape of the picture for the whole clip. */
export const FirstHeadSchema = v.object({
  gradcast: v.literal(1),
  ...common,
  ...v.omit(SidecarViewSchema, ["model", "name", "network", "unit", "mirrored", "picture", "aspect", "cover"])
    .entries,
  /** 0: none was there. */
  scale: v.pipe(v.number(), v.finite(), v.minValue(0)),
});

/** An entry of the first version; its scale is that of the head. */
export const FirstFrameSchema = v.pipe(
  v.omit(SidecarFrameSchema, ["view", "scale"]),
  v.transform((frame): SidecarFrame => ({ ...frame, view: 0, scale: null })),
);

/** Key of a class's name in `otherLabels`. */
export function otherLabelKey(index: number, model: string): string {
  return `${index}@${model}`;
}

/** The place of the entry that holds at a time, or −1 before the first; entries rise in time. */
export function entryAt(frames: readonly Pick<SidecarFrame, "t">[], seconds: number): number {
  let [low, high] = [0, frames.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((frames[middle]?.t ?? Infinity) <= seconds) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The part of a sidecar from one time to another, in seconds; its own time begins at 0. */
export function trimSidecar(sidecar: Sidecar, from: number, to: number): Sidecar {
  const first = Math.max(0, entryAt(sidecar.frames, from));
  const inside = sidecar.frames.slice(first).filter(({ t }) => t < to);
  const map = sidecar.frames.slice(0, first + 1).findLast((frame) => frame.map !== null)?.map ?? null;
  const frames = inside.map((frame, place) => ({
    ...frame,
    t: Math.max(0, frame.t - from),
    // What the first entry would have taken from one before it.
    map: place === 0 ? frame.map ?? map : frame.map,
  }));
  const markers = sidecar.markers.filter(({ t }) => t >= from && t < to).map(({ t, name }) => ({
    t: t - from,
    name,
  }));
  return { ...sidecar, frames, markers, durationS: Math.min(to, sidecar.durationS) - from };
}
