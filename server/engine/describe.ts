/** Says what was understood of a model's files, without computing with them. */
import type { ModelHash } from "../../shared/model_about.ts";
import { multiplyAdds } from "./graph/work.ts";
import { recognise } from "./model/formats/mod.ts";
import { type Head, headOf } from "./model/head.ts";
import { type OpenedModel, openModel } from "./model/model.ts";
import { type Normalisation, PRESETS } from "./model/normalisation.ts";
import { NotCovered } from "./model/source_model.ts";
import { availableBytes, heapBytes } from "./worker/batch/room.ts";
import { FAST, outlineOfForm } from "./worker/network/forms.ts";
import { memoryOf } from "./worker/network/memory.ts";

/** A model of which not everything is computed. */
export interface UncoveredDescription {
  readonly covered: false;
  /** Name of the model's file. */
  readonly file: string;
  /** Everything that it asks for and that is not computed, each with where. */
  readonly notCovered: readonly string[];
}

/** A model that can be computed. */
export interface CoveredDescription {
  readonly covered: true;
  readonly file: string;
  readonly format: string;
  readonly name: string;
  readonly input: { readonly height: number; readonly width: number; readonly channels: number };
  readonly normalisation: {
    /** Name of the preset that it is; null for one that is written out. */
    readonly preset: string | null;
    readonly mean: readonly number[];
    readonly scale: readonly number[];
    readonly order: "rgb" | "bgr";
    /** Where it was read, or how sure it was guessed. */
    readonly from: string;
  };
  readonly head: Head;
  readonly classes: {
    readonly count: number;
    /** Where their names come from; null where nothing names them. */
    readonly from: string | null;
    readonly first: readonly string[];
  };
  readonly defaultLayer: string;
  readonly layers: number;
  readonly parameters: number;
  /** Of one forward pass over one picture. */
  readonly multiplyAdds: number;
  /** Bytes of the WebAssembly memory: the weights in all their forms, and what one picture takes beside them. */
  readonly memory: { readonly weights: number; readonly picture: number };
  /** By which it is known in log, report and JSON. */
  readonly hash: ModelHash;
  readonly notes: readonly string[];
}

/** What was understood of a model. */
export type Description = CoveredDescription | UncoveredDescription;

/** Class names that are listed. */
const FIRST_CLASSES = 5;

/**
 * Describes the model at a path; no thread is started.
 *
 * @throws Error where there is none, or where its files do not fit together
 */
export async function describeModel(path: string): Promise<Description> {
  const { file } = await recognise(path);
  try {
    return describeOpened(file, await openModel(path, { mostBytes: heapBytes(availableBytes()) }));
  } catch (error) {
    if (error instanceof NotCovered) return { covered: false, file, notCovered: error.items };
    throw error;
  }
}

function describeOpened(file: string, model: OpenedModel): CoveredDescription {
  const { card, labels, graph, format, layers, parameters, notes } = model;
  return {
    covered: true,
    file,
    format,
    name: card.name,
    input: { height: card.input.height, width: card.input.width, channels: model.channels },
    normalisation: { ...wordsOf(card.input.normalisation), from: model.normalisationFrom },
    head: headOf(graph, model.output),
    classes: { count: labels.length, from: model.labelsFrom, first: labels.slice(0, FIRST_CLASSES) },
    defaultLayer: card.defaultLayer,
    layers,
    parameters,
    multiplyAdds: multiplyAdds(graph),
    memory: memoryOf(outlineOfForm(graph, FAST)),
    hash: model.hash,
    notes,
  };
}

function wordsOf({ mean, scale, order = "rgb" }: Normalisation) {
  const same = (preset: Normalisation) =>
    preset.mean.join() === mean.join() && preset.scale.join() === scale.join() &&
    (preset.order ?? "rgb") === order;
  const preset = Object.entries(PRESETS).find(([, preset]) => same(preset))?.[0] ?? null;
  return { preset, mean, scale, order };
}
