/** What of a batch's result moves out of the worker instead of being copied. */
import type { BatchResult } from "../../port.ts";
import { kindOf } from "../wants/mod.ts";

/** The memory of a result's numbers, each once: rows of one input share theirs. */
export function buffersOf({ rows }: BatchResult): readonly ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const row of rows) {
    if (!row.ok) continue;
    const { logits, projection, detail } = row;
    const arrays = [logits, projection?.values, ...(detail === null ? [] : kindOf(detail).arrays(detail))];
    for (const array of arrays) if (array !== undefined) buffers.add(array.buffer as ArrayBuffer);
  }
  return [...buffers];
}
