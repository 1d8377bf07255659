/** Answers that are sent while they grow, as NDJSON: lines of JSON. */
import { toWireError, type WireContext, type WireError } from "../logger/mod.ts";

/** What ends an answer that has begun, as A7 writes it: its status was sent before. */
export function refusalLine(error: unknown, context: WireContext): WireError {
  return toWireError(error, context);
}

/**
 * The lines as they are asked for: a client that stops reading stops the work. `place` ends with the lines however they end,
 * even where none was asked for.
 */
export function streamOf(
  lines: AsyncGenerator<string, void, undefined>,
  stop: AbortController,
  place: Disposable,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const next = await lines.next();
      if (next.done === true) {
        place[Symbol.dispose]();
        controller.close();
      } else controller.enqueue(encoder.encode(next.value));
    },
    async cancel() {
      // Before the generator is ended: it may be waiting for a row, which only the signal cuts short.
      stop.abort();
      place[Symbol.dispose]();
      await lines.return();
    },
  }, { highWaterMark: 0 });
}
