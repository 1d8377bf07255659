/** The gradient at the input of a softmax. */
import type { Kernels, Value } from "../kernels.ts";

/**
 * p·(g − Σ g·p) over the last axis.
 *
 * @param output p, the softmax's own output
 * @returns in the output's shape, the caller's to free
 */
export function softmaxVjp(kernels: Kernels, gradient: Value, output: Value): Value {
  if (kernels.native !== null) return kernels.native.softmaxBack(gradient, output);
  const classes = output.shape.at(-1) ?? 1;
  const result = kernels.allocate(output.shape);
  const [from, at, to] = [kernels.view(gradient), kernels.view(output), kernels.view(result)];
  for (let start = 0; start < to.length; start += classes) {
    let mean = 0;
    for (let i = start; i < start + classes; i++) mean += (from[i] as number) * (at[i] as number);
    for (let i = start; i < start + classes; i++) to[i] = (at[i] as number) * ((from[i] as number) - mean);
  }
  return result;
}
