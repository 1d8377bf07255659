/** A view that is said in words of another model: classes are carried by name, layers give way (PROTOCOL.md, X5 and X6). */
import { classOf, readClass } from "../../shared/class_text.ts";
import { GradcastError } from "../../shared/errors.ts";
import { comparable, namesOf, shortLabel } from "../../shared/labels.ts";
import type { Target, View } from "../../shared/protocol.ts";
import type { LoadedModel } from "../engine/port.ts";
import type { Method } from "./method.ts";
import { refusalOf } from "./offer.ts";
import { DEFAULT_METHOD, findMethod, type ResolvedRequest, resolveRequest } from "./registry.ts";

/** What explains a head that has no gradients as well as any other. */
const OUTSIDE_METHOD = "occlusion";

/** What a view asks for, with what was taken in place of it. */
export interface AcrossRequest extends ResolvedRequest {
  /** Sentences without full stops. */
  readonly notes: readonly string[];
}

/**
 * Looks up everything that a view names in a model.
 *
 * @param others models by their ids whose classes and layers the view may name
 * @throws GradcastError `unknown-model`, and as `resolveRequest` does
 */
export function resolveAcross(
  model: LoadedModel,
  view: Omit<View, "revision">,
  others: ReadonlyMap<string, LoadedModel>,
): AcrossRequest {
  const target = carryTarget(model, view.target, others);
  const method = findMethod(view.method);
  if (isOfOthersAlone(model, method, others)) {
    const request = resolveRequest(model, { target, method: insteadOn(model).id, options: {} });
    const lacks = model.withoutGradients === true && method.withoutGradients !== true
      ? `has no gradients for ${method.id}`
      : `cannot be explained by ${method.id}`;
    return { ...request, notes: [`${model.name} ${lacks}: '${request.method.id}' is used instead`] };
  }
  const { layer, ...rest } = view;
  if (layer === undefined || !isOfAnother(model, layer, others)) {
    return { ...resolveRequest(model, { ...view, target }), notes: [] };
  }
  const request = resolveRequest(model, { ...rest, target });
  return {
    ...request,
    notes: [`${model.name} has no layer '${layer}': '${request.layer}' is looked at instead`],
  };
}

/** Whether a method does not work with a model, and works with another one, from which the view may come. */
function isOfOthersAlone(
  model: LoadedModel,
  method: Method,
  others: ReadonlyMap<string, LoadedModel>,
): boolean {
  if (refusalOf(model, method) === null) return false;
  return model.withoutGradients === true ||
    others.values().some((other) => refusalOf(other, method) === null);
}

/** What explains a model in place of a method that does not: the one of newcomers, else one that looks from outside. */
function insteadOn(model: LoadedModel): Method {
  return refusalOf(model, DEFAULT_METHOD) === null ? DEFAULT_METHOD : findMethod(OUTSIDE_METHOD);
}

/** The same class in another model: the one of the same index where it has the same label, otherwise the one of its name. */
function carryTarget(
  model: LoadedModel,
  target: Target,
  others: ReadonlyMap<string, LoadedModel>,
): Target {
  if (target.kind !== "class" || target.model === undefined || target.model === model.id) return target;
  const { index } = target;
  const label = labelIn(target.model, index, others);
  if (comparable(model.labels[index] ?? "") === comparable(label)) return { kind: "class", index };
  const name = [label, ...namesOf(label)].find((one) => readClass(model.labels, one).kind !== "unknown");
  if (name !== undefined) return { kind: "class", index: classOf(model.labels, name) };
  try {
    return { kind: "class", index: classOf(model.labels, shortLabel(label)) };
  } catch (error) {
    if (!(error instanceof GradcastError)) throw error;
    throw new GradcastError(
      error.code,
      `${error.message} (${model.name} has other classes than ${target.model})`,
    );
  }
}

function labelIn(id: string, index: number, others: ReadonlyMap<string, LoadedModel>): string {
  const other = others.get(id);
  if (other === undefined) {
    throw new GradcastError(
      "unknown-model",
      `Cannot carry the class over: expected its model to be one that was loaded, got '${id}'`,
    );
  }
  const label = other.labels[index];
  if (label !== undefined) return label;
  throw new GradcastError(
    "unknown-class",
    `Cannot carry the class over: ${id} has indexes from 0 to ${other.classes - 1}, got ${index}`,
  );
}

function isOfAnother(
  { id, layers }: LoadedModel,
  layer: string,
  others: ReadonlyMap<string, LoadedModel>,
): boolean {
  if (layers.some(({ name }) => name === layer)) return false;
  return others.values().some((other) => other.id !== id && other.layers.some(({ name }) => name === layer));
}
