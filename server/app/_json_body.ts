import * as v from "valibot";
import { GradcastError } from "../../shared/errors.ts";
import { misfitOf } from "../../shared/misfit.ts";
import { parseJson } from "../../shared/parse_json.ts";
import { readBytes } from "./_read_bytes.ts";

/** Brackets within each other: what clients send has two. */
const MAX_DEPTH = 16;

/**
 * Reads a body of JSON.
 *
 * @throws GradcastError `message-size`, `message-syntax` or `message-shape`
 */
export async function readJson<Schema extends v.GenericSchema>(
  request: Request,
  schema: Schema,
  limit: number,
): Promise<v.InferOutput<Schema>> {
  const bytes = await readBytes(
    request,
    limit,
    (_, current) =>
      new GradcastError(
        "message-size",
        `Cannot read the body: expected at most ${limit} bytes, got ${current} or more`,
      ),
  );
  let json: unknown;
  try {
    json = parseJson(new TextDecoder().decode(bytes), MAX_DEPTH);
  } catch {
    throw new GradcastError(
      "message-syntax",
      `Cannot read the body: expected JSON with brackets at most ${MAX_DEPTH} deep, got ${bytes.byteLength} other bytes`,
    );
  }
  const read = v.safeParse(schema, json, { abortEarly: true });
  if (read.success) return read.output;
  const [issue] = read.issues;
  throw new GradcastError(
    "message-shape",
    `Cannot read the body: ${misfitOf(issue, "it")}`,
  );
}
