/** What an address asks for of one method, when other addresses than `/api/explain` take it. */
import { GradcastError } from "../../shared/errors.ts";
import type { LoadedModel } from "../engine/port.ts";
import { planOf, readAsk } from "../explain/mod.ts";
import { findMethod, type ResolvedRequest } from "../methods/mod.ts";
import { unknownName } from "./_query.ts";

/** The part of an address behind the question mark, for one method. */
export interface InsideQuery {
  readonly parameters: URLSearchParams;
  readonly method: string;
  /** Names beside the method's options, `class` and `layer`. */
  readonly also?: readonly string[];
}

/**
 * Looks up what is asked for in a model, as V3 says.
 *
 * @throws GradcastError `unknown-class`, `unknown-layer` or `bad-option`
 */
export function resolveQuery(model: LoadedModel, query: InsideQuery): ResolvedRequest {
  const { parameters, method, also = [] } = query;
  const options = findMethod(method).options.map(({ name }) => name);
  const names = ["model", "class", "layer", ...options, ...also];
  const given = new Map(parameters);
  for (const name of given.keys()) if (!names.includes(name)) throw unknownName(names, name);
  const [classes, layer] = [given.get("class"), given.get("layer")];
  const { maps } = planOf(
    model,
    readAsk({
      method,
      ...(classes === undefined ? {} : { class: classes }),
      ...(layer === undefined ? {} : { layer }),
      trust: false,
      options: new Map([...given].filter(([name]) => options.includes(name))),
    }),
  );
  const [only] = maps;
  if (only !== undefined && maps.length === 1) return only.request;
  throw new GradcastError(
    "bad-option",
    `Cannot look inside: expected one class, got '${classes ?? ""}'`,
  );
}

/**
 * Reads a whole number that is no option of a method; null where it is not given.
 *
 * @throws GradcastError `bad-option`
 */
export function wholeNumber(parameters: URLSearchParams, name: string): number | null {
  const text = parameters.get(name);
  if (text === null) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new GradcastError(
    "bad-option",
    `Cannot set '${name}': expected a whole number from 0 on, got '${text}'`,
  );
}
