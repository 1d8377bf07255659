/** What a clip was of: frame by frame what the network said and the raw maps, in one JSON file beside it. */
import * as v from "valibot";
import { OptionValuesSchema, TargetSchema } from "./protocol.ts";
import { SmallMapSchema } from "./small_map.ts";

/** Version of the file that is written; of others only the first can be read. */
export const SIDECAR_VERSION = 2;

/** Frames of a sidecar at most: an hour at 30 a second. */
export const MAX_SIDECAR_FRAMES = 108_000;

/** Markers of a sidecar at most. */
export const MAX_MARKERS = 1_000;

/** Seconds from the beginning of the clip. */
const Seconds = v.pipe(v.number(), v.finite(), v.minValue(0));
const Whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const Text = v.pipe(v.string(), v.maxLength(200));
const Side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16_384));

const SidecarFrameSchema = v.object({
  t: Seconds,
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
  /** Null: the map is that of the entry before. */
  map: v.nullable(SmallMapSchema),
});
export type SidecarFrame = v.InferOutput<typeof SidecarFrameSchema>;

/** A place in the clip that somebody marked. */
const MarkerSchema = v.object({ t: Seconds, name: Text });
export type Marker = v.InferOutput<typeof MarkerSchema>;

/** What every version says in the same way. */
const COMMON = {
  created: v.pipe(v.string(), v.isoTimestamp()),
  model: v.object({ id: Text, name: Text }),
  method: Text,
  target: TargetSchema,
  layer: v.nullable(Text),
  options: OptionValuesSchema,
  /** Whether the values of the maps have two signs. */
  signed: v.boolean(),
  /** Size of the picture in px, and whether the map is drawn into it. */
  width: Side,
  height: Side,
  drawn: v.boolean(),
  durationS: Seconds,
  /** Names of the classes that are mentioned, by index. */
  labels: v.record(v.pipe(v.string(), v.regex(/^\d{1,9}$/)), Text),
  frames: v.pipe(v.array(SidecarFrameSchema), v.maxLength(MAX_SIDECAR_FRAMES)),
  markers: v.pipe(v.array(MarkerSchema), v.maxLength(MAX_MARKERS)),
};

const Finite = v.pipe(v.number(), v.finite());

const NewestSchema = v.object({
  gradcast: v.literal(SIDECAR_VERSION),
  ...COMMON,
  /** Unit of the maps' values. */
  unit: Text,
  /** The values that get the first colour and the last; null: no map had anything to show. */
  scale: v.nullable(v.pipe(
    v.object({ low: Finite, high: Finite }),
    v.check(({ low, high }) => low < high, "the low end of the scale is below the high one"),
  )),
});

/** Before methods stated their units every scale was in logits and began at zero, or at −scale of a signed map. */
const FirstSchema = v.pipe(
  v.object({ gradcast: v.literal(1), ...COMMON, scale: v.pipe(Finite, v.minValue(0)) }),
  v.transform(({ scale, ...rest }): v.InferOutput<typeof NewestSchema> => ({
    ...rest,
    gradcast: SIDECAR_VERSION,
    unit: "logits",
    scale: scale === 0 ? null : { low: rest.signed ? -scale : 0, high: scale },
  })),
);

export const SidecarSchema = v.variant("gradcast", [NewestSchema, FirstSchema]);
/** Everything that is known of a clip. */
export type Sidecar = v.InferOutput<typeof SidecarSchema>;

/**
 * Reads a sidecar.
 *
 * @throws RangeError where the text is none, in words for people
 */
export function readSidecar(text: string): Sidecar {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new RangeError("Cannot read the sidecar as it has to be JSON: current value is something else", {
      cause,
    });
  }
  const read = v.safeParse(SidecarSchema, json);
  if (read.success) return read.output;
  const [issue] = read.issues;
  throw new RangeError(
    `Cannot read the sidecar as '${v.getDotPath(issue) ?? "file"}' does not fit: ${issue.message}`,
  );
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
