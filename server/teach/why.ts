/** Why a head says what it says of a picture: its own explanation, with the channels that it names over the picture. */
import type { HeadExplanation } from "../../shared/head_explanation.ts";
import type { HeadKind } from "../../shared/head_model.ts";
import type { TaughtHead, Why } from "../../shared/teach_wire.ts";
import type { Probe, Volume } from "../engine/port.ts";
import { type AnyHead, composed, explainer, plain } from "../heads/mod.ts";
import { type Looking, withFrames } from "./feature_reader.ts";
import type { Fitted } from "./fitted.ts";
import type { OpenCollection } from "./open_collection.ts";

/** Contributions of each class, and channels with their activations, that are sent at most. */
const TOP = 12;
const MOST_CHANNELS = 16;

/** Weights of a class, and importances of a forest, that are sent at most. */
const TOP_WEIGHTS = 32;

/** Trees of a forest that are sent, and that paths are shown of; all of them vote. */
const SHOWN_TREES = 8;

/** Explains a picture by a collection's head. */
export async function whyOf(
  collection: OpenCollection,
  kind: HeadKind,
  picture: Uint8Array<ArrayBuffer>,
  looking: Omit<Looking, "engine">,
): Promise<Why> {
  await collection.ready();
  const fitted = await collection.learner.take(kind);
  using base = await collection.base(looking.signal);
  const { engine } = base;
  const layer = engine.model.features?.layer ?? null;
  const rows = await withFrames({ ...looking, engine }, picture, (frame) => {
    const ask = (want: Probe["want"]): Probe => ({ frame, variation: { kind: "none" }, want });
    return [ask({ kind: "features" }), ...layer === null ? [] : [ask({ kind: "layer", layer, score: null })]];
  });
  const [features, volume] = rows.map(({ detail }) => detail);
  if (features?.kind !== "features") {
    throw new TypeError("Cannot explain the picture: its row has no features");
  }
  const explanation = shortened(explainer(fitted.head, SHOWN_TREES)(features.values));
  const extent = engine.model.layers.find(({ name }) => name === layer)?.extent;
  return {
    kind,
    headRevision: collection.headRevision,
    classes: classesOf(collection, fitted).map((one, place) => ({
      ...one,
      probability: explanation.probabilities[place] ?? 0,
    })),
    layer,
    ...(extent === undefined ? {} : { extent }),
    explanation,
    channels: volume?.kind !== "layer" ? [] : channelsOf(explanation).map((channel) => ({
      channel,
      value: features.values[channel] ?? 0,
      ...planeOf(volume.activation, channel),
    })),
  };
}

/** A head as it is sent: what is too large of it left out. */
export async function headOf(
  collection: OpenCollection,
  kind: HeadKind,
  signal: AbortSignal,
): Promise<TaughtHead> {
  await collection.ready();
  const fitted = await collection.learner.take(kind);
  using base = await collection.base(signal);
  const head = collection.named(fitted);
  return {
    kind,
    layer: base.engine.model.features?.layer ?? null,
    classes: classesOf(collection, fitted),
    features: head.width,
    head: head.kind === "nearest" ? null : plain(head, SHOWN_TREES),
    top: topWeights(head),
    importances: head.kind !== "forest" && head.kind !== "tree" ? [] : largest(head.importances, TOP_WEIGHTS)
      .filter(({ value }) => value > 0)
      .map(({ at, value }) => ({
        channel: at,
        importance: value,
        deviation: head.kind === "forest" ? head.deviations[at] ?? 0 : 0,
      })),
    kept: head.kind !== "pca-linear" ? null : {
      dimensions: head.components.length,
      of: head.width,
      share: Math.min(1, head.explained.reduce((sum, one) => sum + one, 0)),
    },
  };
}

/** Weights of standardised features: how much each counts beside the others. */
function topWeights(head: AnyHead): TaughtHead["top"] {
  const raw = composed(head);
  if (raw === null || (head.kind !== "linear" && head.kind !== "pca-linear")) return [];
  return raw.weights.map((row) =>
    largest(row.map((weight, at) => weight * (head.deviation[at] ?? 1)), TOP_WEIGHTS)
      .map(({ at, value }) => ({ channel: at, weight: value }))
  );
}

function classesOf({ collection }: OpenCollection, { lesson: { keys }, head }: Fitted) {
  const names = new Map(collection.classes.map(({ key, name }) => [key, name]));
  return keys.map((key, place) => ({ key, name: names.get(key) ?? head.classes[place] ?? key }));
}

function shortened(explanation: HeadExplanation): Why["explanation"] {
  switch (explanation.kind) {
    case "contributions": {
      const { kind, probabilities, contributions, bias, logits } = explanation;
      const top = contributions.map((row) =>
        largest(row, TOP).map(({ at, value }) => ({ channel: at, value }))
      );
      return { kind, probabilities: [...probabilities], bias: [...bias], logits: [...logits], top };
    }
    case "path":
    case "votes":
    case "neighbours":
      return explanation;
    default: {
      const never: never = explanation;
      throw new TypeError(`Cannot explain the picture: the kind ${never} is unknown`);
    }
  }
}

/** Channels that an explanation names, the most important first. */
function channelsOf(explanation: Why["explanation"]): readonly number[] {
  return [...new Set(namedBy(explanation))].slice(0, MOST_CHANNELS);
}

function namedBy(explanation: Why["explanation"]): readonly number[] {
  switch (explanation.kind) {
    case "contributions": {
      const { probabilities, top } = explanation;
      const first = probabilities.indexOf(Math.max(...probabilities));
      return (top[first] ?? []).map(({ channel }) => channel);
    }
    case "path":
      return explanation.path.steps.map(({ feature }) => feature);
    case "votes":
      return explanation.paths.flatMap(({ steps }) => steps.map(({ feature }) => feature));
    case "neighbours":
      return [];
    default: {
      const never: never = explanation;
      throw new TypeError(`Cannot find channels: the kind ${never} is unknown`);
    }
  }
}

function planeOf({ height, width, channels, values }: Volume, channel: number) {
  return {
    height,
    width,
    values: Array.from({ length: height * width }, (_, cell) => values[cell * channels + channel] ?? 0),
  };
}

/** The largest numbers by size, and where they stand. */
function largest(
  values: readonly number[],
  count: number,
): readonly { readonly at: number; readonly value: number }[] {
  return values.map((value, at) => ({ at, value }))
    .toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value))
    .slice(0, count);
}
