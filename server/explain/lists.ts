/** What there is to choose from: methods and layers, as documents. */
import type { LoadedModel } from "../engine/port.ts";
import { type Method, METHODS, optionsOf } from "../methods/mod.ts";

/** What a method says of itself, whatever the model. */
export type MethodLine = Pick<
  Method,
  | "id"
  | "name"
  | "plain"
  | "expert"
  | "weakness"
  | "signed"
  | "progressive"
  | "values"
  | "sampling"
  | "options"
>;

/** All methods with their options. */
export interface MethodsDocument {
  readonly methods: readonly MethodLine[];
}

/** One layer of a model. */
export interface LayerLine {
  readonly name: string;
  readonly kind: string;
  /** Output shape, batch left out. */
  readonly shape: readonly number[];
  /** Names of the layers that it reads. */
  readonly inputs: readonly string[];
  /** Ids of the methods that can have it as their target layer. */
  readonly methods: readonly string[];
}

/** A model's layers in topological order. */
export interface LayersDocument {
  readonly model: string;
  readonly defaultLayer: string;
  readonly layers: readonly LayerLine[];
}

/** Lists the methods, each with its sentences and options; of a model with the defaults that it has there. */
export function methodsDocument(model?: LoadedModel): MethodsDocument {
  return {
    methods: METHODS.map((method) => {
      const { id, name, plain, expert, weakness, signed, progressive, values, sampling } = method;
      const options = model === undefined ? method.options : optionsOf(model, method);
      return { id, name, plain, expert, weakness, signed, progressive, values, sampling, options };
    }),
  };
}

/** Lists a model's layers, and which methods can have each as their target. */
export function layersDocument(model: LoadedModel): LayersDocument {
  const targets = METHODS.map((method) => ({ id: method.id, layers: new Set(method.layers(model)) }));
  return {
    model: model.id,
    defaultLayer: model.defaultLayer,
    layers: model.layers.map(({ name, kind, shape, inputs }) => ({
      name,
      kind,
      shape,
      inputs,
      methods: targets.filter(({ layers }) => layers.has(name)).map(({ id }) => id),
    })),
  };
}
