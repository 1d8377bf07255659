/** What a page can offer for a model: every method and every target layer that it names works. */
import type { MethodInfo, SameMaps, Welcome } from "../../shared/protocol.ts";
import { GradcastError } from "../../shared/errors.ts";
import type { LoadedModel } from "../engine/port.ts";
import type { Method } from "./method.ts";
import { methodInfo } from "./options/options.ts";
import { METHODS, resolveRequest } from "./registry.ts";
import { sameMapsAt } from "./same_maps.ts";

/** Methods and target layers of a model. */
export interface Offer {
  /** Methods that can explain the model, in the order of the registry. */
  readonly methods: readonly MethodInfo[];
  /** Layers that every method with a choice of layers takes, in topological order, with their shapes. */
  readonly layers: Welcome["layers"];
  /** Methods among them that give the same map, layer by layer. */
  readonly sameMaps: readonly SameMaps[];
}

/** Lists what works with a model; a method that needs another head than the model's is left out. */
export function offerOf(model: LoadedModel): Offer {
  const methods = METHODS.filter((method) => refusalOf(model, method) === null);
  const taken = new Set(methods.flatMap((method) => {
    const layers = method.layers(model);
    return layers.length > 1 ? layers : [];
  }));
  return {
    methods: methods.map((method) => methodInfo(model, method)),
    layers: model.layers
      .filter(({ name }) => taken.has(name))
      .map(({ name, shape }) => ({ name, shape: [...shape] })),
    sameMaps: [...taken].flatMap((layer) => sameMapsAt(model, layer) ?? []),
  };
}

/** Why a method cannot explain a model at all, or null. */
export function refusalOf(model: LoadedModel, method: Method): GradcastError | null {
  try {
    resolveRequest(model, { method: method.id, target: { kind: "rank", rank: 1 }, options: {} });
    return null;
  } catch (error) {
    if (error instanceof GradcastError) return error;
    throw error;
  }
}
