/** Why a probe cannot be computed. */
import { GRADIENT_RULES, type LoadedModel, type Probe, type Score, type Want } from "../../port.ts";
import { isSeed, variationFault, whole } from "../input/variation_fault.ts";

/** What of a network decides which probes it can compute. */
export interface Abilities {
  readonly model: LoadedModel;
  /** Whether one dense layer yields the logits, so that its weights can be drawn anew. */
  readonly denseLogits: boolean;
  /** Tells whether a layer's values go into another's, or into the logits where that is null; each goes into itself. */
  feeds(layer: string, into: string | null): boolean;
}

/**
 * Says in half a sentence why a probe cannot be computed, or null.
 *
 * @param here whether its frame is kept
 */
export function probeFault(probe: Probe, here: boolean, abilities: Abilities): string | null {
  const { frame, variation, want, randomHead } = probe;
  if (!here) {
    return `its frame is not here, never admitted, released or lost with a failed engine: current value is ${frame}`;
  }
  return wantFault(want, abilities) ?? variationFault(variation, abilities.model) ??
    randomHeadFault(randomHead, abilities);
}

function wantFault(want: Want, abilities: Abilities): string | null {
  const { model } = abilities;
  switch (want.kind) {
    case "logits":
      return null;
    case "projection":
      return projectionFault(want, model);
    case "layer":
      return volumeFault(want.layer, model) ??
        (want.score === null ? null : scoreFault(want.score, abilities, want.layer));
    case "input":
      if (!GRADIENT_RULES.includes(want.rule)) {
        return `its rule has to be one of ${GRADIENT_RULES.join(", ")}: current value is ${want.rule}`;
      }
      return scoreFault(want.score, abilities, null);
    case "bias-terms":
      return scoreFault(want.score, abilities, null);
    case "fixations":
      return targetFault(want.target, model);
    default:
      return `its want is none that Gradcast knows: current value is ${want satisfies never}`;
  }
}

function projectionFault(
  { top, also }: Extract<Want, { kind: "projection" }>,
  { projectionLayer, classes }: LoadedModel,
): string | null {
  if (projectionLayer === null) {
    return "a projection needs global average pooling followed by one dense layer: current value is another head";
  }
  if (!whole(top, 0, Infinity)) return `its top has to be 0 or more classes: current value is ${top}`;
  const stranger = also.find((index) => !whole(index, 0, classes - 1));
  return stranger === undefined
    ? null
    : `its classes have to be 0 to ${classes - 1}: current value is ${stranger}`;
}

/** @param at layer that the gradient is asked for at, or null for the input */
function scoreFault(score: Score, { model, feeds }: Abilities, at: string | null): string | null {
  const fault = score.kind === "target" ? targetFault(score.target, model) : placeFault(score, model);
  if (fault !== null) return fault;
  if (score.kind === "target" && score.score !== "logit" && score.score !== "probability") {
    return `its score has to be logit or probability: current value is ${score.score}`;
  }
  const scored = score.kind === "target" ? null : score.layer;
  return at === null || feeds(at, scored)
    ? null
    : `its layer has to feed ${scored ?? "the logits"}, which the score is read from: current value is ${at}`;
}

function targetFault(
  target: Extract<Want, { kind: "fixations" }>["target"],
  { classes }: LoadedModel,
): string | null {
  if (target.kind === "rank") {
    return whole(target.rank, 1, classes)
      ? null
      : `its rank has to be 1 to ${classes}: current value is ${target.rank}`;
  }
  return whole(target.index, 0, classes - 1)
    ? null
    : `its class has to be 0 to ${classes - 1}: current value is ${target.index}`;
}

function placeFault(score: Exclude<Score, { kind: "target" }>, model: LoadedModel): string | null {
  const fault = volumeFault(score.layer, model);
  if (fault !== null) return fault;
  const [rows, columns, channels] = shapeOf(score.layer, model) as [number, number, number];
  const axes: readonly (readonly [string, number, number])[] = [
    ["channel", score.channel, channels],
    ...(score.kind === "neuron"
      ? [["row", score.row, rows], ["column", score.column, columns]] as const
      : []),
  ];
  const outside = axes.find(([, index, count]) => !whole(index, 0, count - 1));
  if (outside === undefined) return null;
  const [name, index, count] = outside;
  return `its ${name} has to be 0 to ${count - 1} at layer ${score.layer}: current value is ${index}`;
}

function volumeFault(layer: string, model: LoadedModel): string | null {
  return shapeOf(layer, model)?.length === 3
    ? null
    : `its layer has to be one of the model's with an output of height, width and channels: current value is ${layer}`;
}

function shapeOf(layer: string, { layers }: LoadedModel): readonly number[] | undefined {
  return layers.find(({ name }) => name === layer)?.shape;
}

function randomHeadFault(seed: number | undefined, { denseLogits }: Abilities): string | null {
  if (seed === undefined) return null;
  if (!denseLogits) {
    return "a random head needs a dense layer that yields the logits: current value is another head";
  }
  return isSeed(seed)
    ? null
    : `its random head has to be a seed of 0 to 4294967295: current value is ${seed}`;
}
