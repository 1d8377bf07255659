/** A request's body as a web stream: read as it is asked for, given up where it trickles (N1). */
import type { IncomingMessage } from "node:http";
import { GradcastError } from "../../shared/errors.ts";

/** How long a body may keep the server waiting. */
export interface BodyTimes {
  /** Longest pause, and what the whole may take beyond its bytes at the least rate, in ms. */
  readonly bodyMs: number;
  /** Least rate, in bytes a second. */
  readonly bodyRate: number;
}

/** The body; only the time in which somebody waits for its bytes is the client's. */
export function bodyStream(
  incoming: IncomingMessage,
  { bodyMs, bodyRate }: BodyTimes,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const chunks = incoming.iterator({ destroyOnReturn: false });
  let waitedMs = 0;
  let received = 0;
  return new ReadableStream({
    async pull(controller) {
      const leftMs = Math.min(bodyMs, bodyMs + (1_000 * received) / bodyRate - waitedMs);
      const startMs = performance.now();
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(tooSlow(received)), leftMs);
      });
      try {
        const next = await Promise.race([chunks.next().catch((cause) => brokenOff(received, cause)), late]);
        if (next.done === true) return controller.close();
        const chunk: Uint8Array<ArrayBuffer> = next.value;
        received += chunk.byteLength;
        controller.enqueue(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      } finally {
        clearTimeout(timer);
        waitedMs += performance.now() - startMs;
      }
    },
    async cancel() {
      await chunks.return?.();
    },
  }, { highWaterMark: 0 });
}

/** The client has gone, or what it sent is no body. */
function brokenOff(received: number, cause: unknown): never {
  throw new GradcastError("bad-request", `Cannot read the body: it broke off after ${received} bytes`, {
    cause,
  });
}

function tooSlow(received: number): GradcastError {
  return new GradcastError(
    "request-timeout",
    `Cannot read the body: it paused or came too slowly after ${received} bytes`,
  );
}
