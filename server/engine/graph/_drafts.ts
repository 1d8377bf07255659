/** What the readers of layers share: drafts of nodes, and their weights. */
import type { Layer } from "../model/topology.ts";
import type { Weight } from "../model/weights.ts";
import type { Draft, Kind, Operations, Shape } from "./graph.ts";
import type { WrittenActivation } from "./settings.ts";

/** Height and width of a model's input, in pixels. */
export interface InputSize {
  readonly height: number;
  readonly width: number;
}

/** What else a reader may ask for. */
export interface Context {
  /** Size of an input that may have any. */
  readonly inputSize: InputSize | null;
  /**
   * Shape of one of the layer's inputs by number.
   *
   * @throws UnknownShape where the layer that yields it was refused
   */
  shape(input: number): Shape;
}

/** Turns a layer into the operations that compute it; the last one has the layer's name. */
export type Reader = (layer: Layer, find: FindWeight, context: Context) => readonly Draft[];

/** Readers by the Keras class of the layer. */
export type Readers = Readonly<{ [className: string]: Reader }>;

/** Gives one of a layer's weights by the last part of its name, or null. */
export type FindWeight = (name: string) => Weight | null;

/** A node of a layer, of the layer's name. */
export function draft<K extends Kind>(
  kind: K,
  { name, className, inputs }: Layer,
  attrs: Operations[K]["attrs"],
  weights: Operations[K]["weights"],
): Draft<K> {
  return { kind, name, className, inputs, attrs, weights };
}

/** The node of a function that a layer names. */
export function activation(layer: Layer, written: WrittenActivation): Draft {
  if (written.function === "linear") return draft("identity", layer, {}, {});
  if (written.function === "softmax") return draft("softmax", layer, { axis: -1 }, {});
  return draft("activation", layer, written, {});
}

/** Puts a layer's own activation behind it as a step of its own; a later pass fuses it where it can. */
export function activated(layer: Layer, written: WrittenActivation, linear: Draft): readonly Draft[] {
  if (written.function === "linear") return [linear];
  const inner = `${layer.name}:linear`;
  return [{ ...linear, name: inner }, { ...activation(layer, written), inputs: [inner] }];
}

/** A weight of so many sides; the first of several names that is there. */
export function weight(
  layer: Layer,
  find: FindWeight,
  names: string | readonly string[],
  rank: number,
): Weight {
  const [name = "", ...others] = typeof names === "string" ? [names] : names;
  const found = find(name);
  if (found === null && others.length > 0) return weight(layer, find, others, rank);
  if (found === null) {
    throw new Error(
      `Cannot load the model: the weights lack ${name} of ${layer.className} layer ${layer.name}`,
    );
  }
  if (found.shape.length === rank) return found;
  throw new Error(
    `Cannot load the model: ${name} of ${layer.className} layer ${layer.name} must have ${rank} sides, ` +
      `got [${found.shape}]`,
  );
}

/** The bias of a layer, zeros where it has none. */
export function biasOf(layer: Layer, find: FindWeight, used: boolean, channels: number): Weight {
  return used ? weight(layer, find, "bias", 1) : vector(new Float32Array(channels));
}

/** Numbers as a weight. */
export function vector(values: ArrayLike<number>): Weight {
  return { shape: [values.length], values: Float32Array.from(values) };
}
