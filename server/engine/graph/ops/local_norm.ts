/** Normalisation by the channels around each one. */
import { divisorsOf, localNorm, localNormVjp } from "../vjp/local_norm.ts";
import { type Operation, some } from "./operation.ts";

const operation: Operation<"local-norm"> = {
  shape({ attrs: { size } }, [input = []]) {
    if (Number.isInteger(size) && size > 0) return input;
    throw new RangeError(`its window must be a whole number of channels, got ${size}`);
  },
  forward({ kernels, attrs, inputs }) {
    const [x] = some(inputs);
    return localNorm(kernels, x, divisorsOf(kernels.view(x), x.shape.at(-1) ?? 1, attrs), attrs);
  },
  reads: () => "inputs",
  vjp: ({ kernels, attrs, gradient, inputs }) => [localNormVjp(kernels, gradient, some(inputs)[0], attrs)],
};

/** The family's line of the table of operations. */
export const LOCAL_NORM = { "local-norm": operation } as const;
