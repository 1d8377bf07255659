/** Spurious clues: whether a head tells classes apart by their objects, or by what surrounds them. */
import type { HeadKind } from "../../shared/head_model.ts";
import { type ClassClues, type CluesLine, isNothing } from "../../shared/teach_wire.ts";
import type { Engine, PictureReader, Probe, Row, Sketch } from "../engine/mod.ts";
import type { KeptPicture } from "../store/mod.ts";
import { picturesOf, type TaughtClass } from "./collection.ts";
import { classWords, SUSPICIOUS, wordsOf } from "./clue_words.ts";
import { areaOutside, type EvidenceMap, movingBox, shareOutside } from "./evidence.ts";
import { admitPicture } from "./feature_reader.ts";
import type { OpenCollection } from "./open_collection.ts";
import { ownFrame } from "./own_frames.ts";
import { openTaughtEngine } from "./taught_engine.ts";

/** Pictures of a class that are looked at, spread over all of them. */
const MOST_PICTURES = 40;

/** Pictures of a class that are shown as the worst ones. */
const WORST = 6;

/** What the check works with. */
export interface CluesParts {
  readonly reader: PictureReader;
  readonly signal: AbortSignal;
}

type Clues = Extract<CluesLine, { clues: unknown }>["clues"];
type Worst = ClassClues["worst"][number];

/** A picture with its share outside. */
interface Looked extends Worst {
  readonly area: number;
}

/** Looks at a collection's pictures; yields the share that is done, then the result. */
export async function* cluesOf(
  collection: OpenCollection,
  { reader, signal }: CluesParts,
): AsyncGenerator<{ readonly progress: number } | { readonly clues: Clues }, void, undefined> {
  await collection.ready();
  const { chosen } = collection.learner;
  const kind: HeadKind = chosen === "pca-linear" ? chosen : "linear";
  const fitted = await collection.learner.take(kind);
  const base = await collection.base(signal);
  const name = { id: collection.id, name: "clues", sha256: fitted.sha256 };
  const engine = await openTaughtEngine(base, collection.named(fitted), name);
  try {
    const { keys } = fitted.lesson;
    // What shows nothing in particular has no object that it could be told by.
    const checked = [...keys.entries()].filter(([, key]) => !isNothing(collection.classOf(key)));
    const chosenPictures = new Map(
      checked.map(([, key]) => [key, spread(picturesOf(collection.pictures, key))]),
    );
    const total = chosenPictures.values().reduce((sum, some) => sum + some.length, 0);
    const classes: ClassClues[] = [];
    let done = 0;
    yield { progress: 0 };
    for (const [label, key] of checked) {
      const one = collection.classOf(key);
      const looked: Looked[] = [];
      for (const picture of chosenPictures.get(key) ?? []) {
        signal.throwIfAborted();
        const found = await lookAt({ engine, reader, signal, collection }, { picture, one, label });
        if (found !== null) looked.push(found);
        yield { progress: ++done / total };
      }
      classes.push(summed(one, looked, chosenPictures.get(key)?.length ?? 0));
    }
    yield { clues: { words: wordsOf(classes), kind, classes } };
  } finally {
    await engine.close();
  }
}

interface Looker extends CluesParts {
  readonly engine: Engine;
  readonly collection: OpenCollection;
}

/** The share of a picture's evidence outside its object; null where no object or no evidence is known. */
async function lookAt(
  { engine, reader, signal, collection }: Looker,
  { picture, one, label }: {
    readonly picture: KeptPicture;
    readonly one: TaughtClass;
    readonly label: number;
  },
): Promise<Looked | null> {
  const frame = ownFrame();
  try {
    const bytes = await collection.read(picture);
    const { sketch } = await admitPicture({ engine, reader, signal }, frame, bytes);
    const box = one.box ??
      movingBox(sketch, await sketchesBeside({ engine, reader, signal, collection }, picture));
    if (box === null) return null;
    const { rows: [row] } = await engine.run([evidenceProbe(engine, frame, label)]);
    const map = row === undefined ? null : evidenceOf(engine, row);
    const outside = map === null ? null : shareOutside(map, box);
    if (map === null || outside === null) return null;
    const { height, width, values, extent } = map;
    return {
      picture: picture.id,
      ...{ outside, box, height, width, values: Array.from(values) },
      ...(extent === undefined ? {} : { extent }),
      area: areaOutside(box),
    };
  } finally {
    engine.release(frame);
  }
}

/** Sketches of the pictures before and behind one in its hold. */
async function sketchesBeside(
  { engine, reader, signal, collection }: Looker,
  { id, class: key, hold }: KeptPicture,
): Promise<readonly Sketch[]> {
  if (hold === 0) return [];
  const held = picturesOf(collection.pictures, key).filter((one) => one.hold === hold);
  const place = held.findIndex((one) => one.id === id);
  const beside = [held[place - 1], held[place + 1]].filter((one) => one !== undefined);
  return await Promise.all(beside.map(async (one) => {
    const frame = ownFrame();
    try {
      const bytes = await collection.read(one);
      return (await admitPicture({ engine, reader, signal }, frame, bytes)).sketch;
    } finally {
      engine.release(frame);
    }
  }));
}

/** The class activation map where there is one; else gradient times activation, which adds up to the same logit. */
function evidenceProbe({ model }: Engine, frame: number, label: number): Probe {
  const target = { kind: "class", index: label } as const;
  return {
    frame,
    variation: { kind: "none" },
    want: model.projectionLayer !== null
      ? { kind: "projection", top: 0, also: [label] }
      : { kind: "layer", layer: model.defaultLayer, score: { kind: "target", target, score: "logit" } },
  };
}

function evidenceOf({ model }: Engine, row: Row): EvidenceMap | null {
  if (!row.ok) throw new RangeError(row.reason);
  const layer = model.projectionLayer ?? model.defaultLayer;
  const extent = model.layers.find(({ name }) => name === layer)?.extent;
  const { projection, detail } = row;
  if (projection !== null) return { ...projection, extent };
  if (detail?.kind !== "layer" || detail.gradient === null) return null;
  const { activation: { height, width, channels, values }, gradient } = detail;
  const sums = new Float32Array(height * width);
  for (const [at, value] of values.entries()) {
    const cell = Math.floor(at / channels);
    sums[cell] = (sums[cell] ?? 0) + value * (gradient.values[at] ?? 0);
  }
  return { height, width, values: sums, extent };
}

function summed(
  { key, name, box }: TaughtClass,
  looked: readonly Looked[],
  pictures: number,
): ClassClues {
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  const object = box !== null ? "box" : looked.length > 0 ? "moving" : "none";
  const outside = looked.length === 0 ? null : mean(looked.map((one) => one.outside));
  const area = looked.length === 0 ? null : mean(looked.map((one) => one.area));
  const suspicious = outside !== null && outside > SUSPICIOUS;
  return {
    key,
    name,
    object,
    pictures: looked.length === 0 ? pictures : looked.length,
    outside,
    area,
    suspicious,
    words: classWords({ name, object, outside, area }),
    worst: looked.toSorted((a, b) => b.outside - a.outside).slice(0, WORST).map(({ area: _, ...one }) => one),
  };
}

function spread(pictures: readonly KeptPicture[]): readonly KeptPicture[] {
  if (pictures.length <= MOST_PICTURES) return pictures;
  return Array.from(
    { length: MOST_PICTURES },
    (_, at) => pictures[Math.floor(at * pictures.length / MOST_PICTURES)],
  ).filter((one) => one !== undefined);
}
