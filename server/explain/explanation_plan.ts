/** What was asked for, looked up in a model: the maps to make, in order. */
import type { OptionValues } from "../../shared/protocol.ts";
import type { LoadedModel } from "../engine/port.ts";
import {
  checkMeasurable,
  isMeasurable,
  type Method,
  refusalOf,
  type ResolvedRequest,
  resolveRequest,
} from "../methods/mod.ts";
import type { Ask, LeftOut } from "./ask.ts";
import { type ClassRequest, readClasses } from "./_class_texts.ts";

/** One map to make. */
export interface PlannedMap {
  readonly request: ResolvedRequest;
  /** The class as it was asked for. */
  readonly classText: string;
}

/** The maps to make of every picture: method by method, and of each one class by class. */
export interface Plan {
  readonly maps: readonly PlannedMap[];
  readonly methods: number;
  readonly classes: number;
  readonly leftOut: readonly LeftOut[];
  /** Sentences on what was asked for that people should know, such as a name that other classes have too. */
  readonly notes: readonly string[];
  readonly trust: boolean;
  readonly why: boolean;
  /** The share of a map's scale above which its box lies, 0…1. */
  readonly boxThreshold: number;
}

/**
 * Looks up everything that is asked for.
 *
 * @throws GradcastError `unknown-class`, `ambiguous-class`, `unknown-layer` or `bad-option`
 */
export function planOf(model: LoadedModel, ask: Ask): Plan {
  const classes = readClasses(model.labels, ask.classes);
  const refused = ask.all ? ask.methods.flatMap(({ method }) => leftOut(model, method)) : [];
  const methods = ask.methods.filter(({ method }) => !refused.some((left) => left.method === method.id));
  if (ask.trust && !methods.some(({ method }) => isMeasurable(method))) {
    for (const { method } of methods) checkMeasurable(method);
  }
  const layers = layersFor(model, methods.map(({ method }) => method), ask.layer);
  const maps = methods.flatMap(({ method, options }, index) =>
    classes.map((asked) => plannedMap(model, { method, options, layer: layers[index] ?? null, asked }))
  );
  return {
    maps,
    methods: methods.length,
    classes: classes.length,
    leftOut: [...ask.leftOut, ...refused],
    notes: classes.flatMap(({ note }) => note ?? []),
    trust: ask.trust,
    why: ask.why,
    boxThreshold: ask.boxThreshold,
  };
}

interface MapRequest {
  readonly method: Method;
  readonly options: OptionValues;
  readonly layer: string | null;
  readonly asked: ClassRequest;
}

function plannedMap(model: LoadedModel, { method, options, layer, asked }: MapRequest): PlannedMap {
  const request = resolveRequest(model, {
    method: method.id,
    target: asked.target,
    options,
    ...(layer === null ? {} : { layer }),
  });
  return { request, classText: asked.text };
}

/** Why a method cannot explain this model at all, or nothing. */
function leftOut(model: LoadedModel, method: Method): LeftOut[] {
  const refusal = refusalOf(model, method);
  return refusal === null ? [] : [{ method: method.id, reason: refusal.message }];
}

/** A layer counts for the methods that can look at it; where none can, the first one refuses it. */
function layersFor(model: LoadedModel, methods: readonly Method[], layer: string | null): (string | null)[] {
  if (layer === null) return methods.map(() => null);
  const able = methods.map((method) => method.layers(model).includes(layer));
  if (able.includes(true)) return able.map((can) => can ? layer : null);
  const first = Math.max(0, methods.findIndex((method) => method.layers(model).length > 0));
  return methods.map((_method, index) => index === first ? layer : null);
}
