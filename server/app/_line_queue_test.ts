import assert from "node:assert/strict";
import { MemoryLogger } from "../logger/testing/memory_logger.ts";
import { linesOf } from "./_line_queue.ts";

/** The lines of work that fails, and how many entries the log has then. */
async function failing(error: Error): Promise<readonly [lines: number, entries: number]> {
  const logger = new MemoryLogger();
  const lines = linesOf<number>({
    work: () => Promise.reject(error),
    replaces: () => false,
    context: { logger, action: "count" },
  });
  const all = await Array.fromAsync(lines);
  return [all.length, logger.lines.length];
}

Deno.test("work that fails says so and is logged; a client that has gone is no failure", async () => {
  assert.deepEqual(await failing(new Error("broken")), [1, 1]);
  assert.deepEqual(await failing(new DOMException("The client has gone", "AbortError")), [0, 0]);
});
