import * as v from "valibot";
import { GradcastError } from "../../shared/errors.ts";
import { readBytes } from "./_read_bytes.ts";

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
        `Cannot read the body as it has at most ${limit} bytes: current value is ${current} or more`,
      ),
  );
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new GradcastError(
      "message-syntax",
      `Cannot read the body as it has to be JSON: current value is ${bytes.byteLength} bytes of something else`,
      { cause },
    );
  }
  const read = v.safeParse(schema, json);
  if (read.success) return read.output;
  const [issue] = read.issues;
  throw new GradcastError(
    "message-shape",
    `Cannot read the body as '${v.getDotPath(issue) ?? "body"}' does not fit: ${issue.message}`,
  );
}
