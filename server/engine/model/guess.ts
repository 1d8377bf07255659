/** Guesses what a model's input is made of where no card says it. */
import type { Graph, Node } from "../graph/graph.ts";
import type { PresetName } from "./normalisation.ts";
import type { SourceModel } from "./source_model.ts";

/** A normalisation, and how it was found. */
export interface Guess {
  readonly preset: PresetName;
  /** Where it was read, or why it is likely; how sure it is. */
  readonly from: string;
}

/** Side of the channels. */
const CHANNELS = 2;

/** Networks of keras.applications by the names of their own layers, and the input that they were trained with. */
const ARCHITECTURES: readonly (readonly [name: string, layer: RegExp, preset: PresetName])[] = [
  ["VGG", /^block5_conv[123]$/u, "caffe"],
  ["ResNet V2", /^conv5_block\d+_preact_relu$/u, "-1to1"],
  ["DenseNet", /^conv5_block\d+_concat$/u, "torch"],
  ["ResNet", /^conv5_block\d+_out$/u, "caffe"],
  ["MobileNetV3", /^expanded_conv_\d+_squeeze_excite/u, "0to255"],
  ["MobileNet", /^(conv_pw_13|block_16_project)$/u, "-1to1"],
  ["EfficientNet", /^block7a_project_conv$/u, "0to255"],
  ["Xception", /^block14_sepconv2$/u, "-1to1"],
  ["Inception-ResNet", /^block8_10_conv$/u, "-1to1"],
  ["Inception", /^mixed10$/u, "-1to1"],
  ["NASNet", /^normal_concat_\d+$/u, "-1to1"],
];

/** Finds the likely normalisation of a model. */
export function guessNormalisation({ normalisation }: SourceModel, graph: Graph): Guess {
  if (normalisation !== null) {
    return normalisation;
  }
  const [first] = graph.nodes.filter(({ inputs }) => inputs.includes(graph.input));
  if (first !== undefined) {
    const layer = first.name.split(":")[0] ?? "";
    if (first.kind === "affine" && first.className !== "BatchNormalization") {
      return takesShares(first)
        ? { preset: "0to1", from: `likely, as its layer ${layer} takes off means between 0 and 1` }
        : { preset: "0to255", from: `its layer ${layer} scales the input by itself` };
    }
    if (first.kind === "gather" && first.attrs.side === CHANNELS) {
      return {
        preset: "0to255",
        from: `likely, as its layer ${layer} reorders the colours, as preprocess_input does`,
      };
    }
  }
  for (const [name, layer, preset] of ARCHITECTURES) {
    if (graph.nodes.some((node) => layer.test(node.name))) {
      return { preset, from: `likely, as its layers have the names of ${name}'s` };
    }
  }
  return { preset: "0to1", from: "a guess, as nothing in the file says it" };
}

/** Whether a scaling takes values of 0 to 1: it enlarges, about means within that range. */
function takesShares({ weights: { scale, shift } }: Node<"affine">): boolean {
  return scale.values.every((factor, channel) => {
    const mean = -(shift.values[channel] ?? 0) / factor;
    return factor > 1 && mean > 0 && mean < 1;
  });
}
