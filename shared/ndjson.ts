/** NDJSON: one JSON document in each line. */

/** Its media type. */
export const NDJSON_TYPE = "application/x-ndjson";

/** Writes a document as a line, with its end. */
export function ndjsonLine(document: unknown): string {
  return `${JSON.stringify(document)}\n`;
}

/**
 * Yields documents as their lines come; a last line without its end is left out.
 *
 * @throws SyntaxError where a line is no JSON
 */
export async function* readNdjson(
  body: ReadableStream<Uint8Array<ArrayBuffer>> | null,
): AsyncGenerator<unknown, void, undefined> {
  let rest = "";
  for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line);
  }
}
