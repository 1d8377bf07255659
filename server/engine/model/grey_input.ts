/** Lets a network of one channel have the picture's three. */
import type { Draft } from "../graph/graph.ts";

const RGB = 3;

/** Shares of red, green and blue in what people see as brightness (ITU-R BT.601), as Keras and Pillow mix grey. */
const LUMINANCE = [0.299, 0.587, 0.114] as const;

/**
 * Puts a mixture of the colours behind an input of one channel, so that pictures, maps and gradients stay in colour.
 *
 * @throws Error where the input has another number of channels
 */
export function withRgbInput(drafts: readonly Draft[]): readonly Draft[] {
  const input = drafts.find((draft) => draft.kind === "input");
  if (input?.kind !== "input") return drafts;
  const [height = 0, width = 0, channels, ...more] = input.attrs.shape;
  if (channels === RGB && more.length === 0) return drafts;
  if (channels !== 1 || more.length > 0) {
    const next = channels === RGB + 1 && more.length === 0
      ? "a camera and most pictures have no fourth one (transparency, infrared) that it could be given; " +
        "train it with three"
      : "build it with an input of (height, width, 3)";
    throw new Error(
      `Cannot load the model: its input must be a picture of 3 channels or 1, got [${input.attrs.shape}]; ${next}`,
    );
  }
  const grey = `${input.name}:grey`;
  const mixture: Draft = {
    kind: "conv",
    name: grey,
    className: "Conv2D",
    inputs: [input.name],
    attrs: {
      strides: [1, 1],
      dilations: [1, 1],
      padding: "valid",
      groups: 1,
      activation: "linear",
    },
    weights: {
      kernel: { shape: [1, 1, RGB, 1], values: Float32Array.from(LUMINANCE) },
      bias: { shape: [1], values: new Float32Array(1) },
    },
  };
  const colours: Draft = { ...input, attrs: { shape: [height, width, RGB] } };
  return [
    colours,
    mixture,
    ...drafts.filter((draft) => draft !== input).map((draft) => reading(draft, input.name, grey)),
  ];
}

/** A draft that reads `to` in place of `from`. */
function reading(draft: Draft, from: string, to: string): Draft {
  return { ...draft, inputs: draft.inputs.map((input) => input === from ? to : input) };
}
