/** Spreading values by strides, as transposed convolutions do before they convolve. */
import { volume } from "../shapes.ts";
import { dilate, everyOther } from "../vjp/dilate.ts";
import { type Operation, some } from "./operation.ts";

const spread: Operation<"spread"> = {
  shape({ attrs: { strides } }, [input]) {
    const { height, width, channels } = volume(input);
    return [(height - 1) * strides[0] + 1, (width - 1) * strides[1] + 1, channels];
  },
  forward: ({ kernels, attrs, inputs }) => dilate(kernels, some(inputs)[0], attrs.strides),
  reads: () => "nothing",
  vjp: ({ kernels, attrs, gradient }) => [everyOther(kernels, gradient, attrs.strides)],
};

/** The family's line of the table of operations. */
export const SPREADING = { spread } as const;
