/** JSON files of a model's folder, read through a schema. */
import * as v from "valibot";
import { demandOf } from "../../../shared/misfit.ts";
import { parseJson as parse } from "../../../shared/parse_json.ts";

/** Name of the model itself in its folder. */
export const MODEL_FILE = "model.json";

/** Brackets within each other: each model inside another takes four. */
const MAX_DEPTH = 100;

/** Reads a JSON file through a schema, with errors that name the file and the place in it. */
export function parseJson<S extends v.GenericSchema>(
  file: string,
  text: string,
  schema: S,
): v.InferOutput<S> {
  let json: unknown;
  try {
    json = parse(text, MAX_DEPTH);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot load the model: ${file} is not JSON: ${reason}`, { cause });
  }
  const result = v.safeParse(schema, json, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const place = v.getDotPath(issue) ?? "its top level";
  throw new Error(`Cannot load the model: ${file} does not fit at ${place}: it ${demandOf(issue)}`);
}
