/** What of a batch's result moves out of the worker instead of being copied. */
import type { BatchResult, Detail, InputGradient } from "../../port.ts";

/** The memory of a result's numbers, each once: rows of one input share theirs. */
export function buffersOf({ rows }: BatchResult): readonly ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const row of rows) {
    if (!row.ok) continue;
    const arrays = [row.logits, row.projection?.values, ...(row.detail === null ? [] : arraysOf(row.detail))];
    for (const array of arrays) if (array !== undefined) buffers.add(array.buffer as ArrayBuffer);
  }
  return [...buffers];
}

function arraysOf(detail: Detail): readonly (Float32Array | undefined)[] {
  switch (detail.kind) {
    case "layer":
      return [detail.activation.values, detail.gradient?.values];
    case "input":
      return gradientArrays(detail);
    case "bias-terms":
      return [...gradientArrays(detail), ...detail.terms.map(({ sums }) => sums)];
    case "fixations":
      return [detail.points];
    default:
      throw new TypeError(`Cannot move a detail of this kind: current value is ${detail satisfies never}`);
  }
}

function gradientArrays({ input, gradient }: InputGradient): readonly Float32Array[] {
  return [input.values, gradient.values];
}
