/** Weights with a factor and a summand per channel worked in; the same weights give the same object again. */
import type { Weight } from "../model/weights.ts";

/** Weights folded before, by those that they were made of; they live as long as those. */
const kernels = new WeakMap<Weight, WeakMap<Weight, Weight>>();
const biases = new WeakMap<Weight, WeakMap<Weight, Weight>>();

/** kernel·scale, over the last axes of the kernel. */
export function foldedKernel(kernel: Weight, scale: Weight): Weight {
  return once(kernels, kernel, scale, () => {
    const channels = scale.values.length;
    const values = kernel.values.slice();
    for (let start = 0; start < values.length; start += channels) {
      for (let c = 0; c < channels; c++) {
        values[start + c] = (values[start + c] as number) * (scale.values[c] as number);
      }
    }
    return { ...kernel, values };
  });
}

/** bias·scale + shift; scale and shift belong together. */
export function foldedBias(bias: Weight, scale: Weight, shift: Weight): Weight {
  return once(biases, bias, scale, () => {
    const channels = scale.values.length;
    const values = bias.values.map((value, c) =>
      value * (scale.values[c % channels] as number) + (shift.values[c % channels] as number)
    );
    return { ...bias, values };
  });
}

function once(
  cache: WeakMap<Weight, WeakMap<Weight, Weight>>,
  first: Weight,
  second: Weight,
  make: () => Weight,
): Weight {
  const inner = cache.get(first) ?? new WeakMap<Weight, Weight>();
  cache.set(first, inner);
  const made = inner.get(second) ?? make();
  inner.set(second, made);
  return made;
}
