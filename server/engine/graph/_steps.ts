/** Several operations one behind the other as what one layer computes. */
import type { Layer } from "../model/topology.ts";
import { draft } from "./_drafts.ts";
import type { Draft, Kind, Operations, Shape } from "./graph.ts";

/** An operation whose name and input are chosen when it is put behind another. */
export type Step = (layer: Layer) => Draft;

/** An operation with its settings. */
export function step<K extends Kind>(
  kind: K,
  attrs: Operations[K]["attrs"],
  weights: Operations[K]["weights"],
): Step {
  // The compiler cannot see that a draft of one kind is one of all kinds.
  return (layer) => draft(kind, layer, attrs, weights) as Draft;
}

/** Puts steps behind each other; the last one has the layer's name, and without any the layer changes nothing. */
export function chain(layer: Layer, steps: readonly Step[], label = ""): readonly Draft[] {
  const all = steps.length === 0 ? [step("identity", {}, {})] : steps;
  let inputs = layer.inputs;
  return all.map((make, number) => {
    const name = number === all.length - 1 ? layer.name : `${layer.name}:${label}${number + 1}`;
    const made = make({ ...layer, name, inputs });
    inputs = [name];
    return made;
  });
}

/** The same numbers in another shape. */
export function reshaped(shape: Shape): Step {
  return step("reshape", { shape }, {});
}
