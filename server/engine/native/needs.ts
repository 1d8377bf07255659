/** What the kernels' code has to be written for: it depends on the layers of the model. */
import type { DepthwiseShape } from "./depthwise.ts";
import { cutDepth } from "./gemm.ts";

/** Depths of matrix products and shapes of depthwise layers. */
export interface Needs {
  readonly depths: ReadonlySet<number>;
  readonly depthwise: ReadonlyMap<string, DepthwiseShape>;
}

/** Numbers of steps that functions have to be written for. */
export function stepsOf({ depths }: Needs): ReadonlySet<number> {
  const steps = new Set<number>();
  for (const depth of depths) {
    const cut = cutDepth(depth);
    steps.add(cut.steps);
    if (cut.rest > 0) steps.add(cut.rest);
  }
  return steps;
}

/** A text that is equal for equal shapes. */
export function shapeKey(shape: DepthwiseShape): string {
  return Object.values(shape).join();
}
