/** An opened model, for tests. */
import type { OpenedModel } from "../../../../shared/model_wire.ts";

export const OPENED_MODEL: OpenedModel = {
  ...{ id: "net", name: "Net", file: "net.onnx", format: "ONNX", width: 32, height: 24, channels: 3 },
  ...{
    classes: 4,
    firstLabels: ["a", "b", "c"],
    lastLabel: "d",
    labelsFrom: "labels.txt",
    output: "softmax",
  },
  ...{
    mean: [0, 0, 0],
    scale: [255, 255, 255],
    order: "rgb",
    normalisation: "0to1",
    normalisationFrom: "a guess",
  },
  ...{ layers: 7, parameters: 10, multiplyAdds: 20, defaultLayer: "conv" },
  memory: { weights: 1_500_000, picture: 2_500_000 },
  hash: { of: "file", sha256: "a".repeat(64) },
  notes: ["The input is taken as 0 to 1."],
};
