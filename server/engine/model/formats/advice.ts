/** Formats that are recognised and not read, each with the command that makes a file which is. */

/** A format that is not read. */
export interface Refused {
  /** What the file is, with its article. */
  readonly what: string;
  /** What to do, a sentence or a command. */
  readonly advice: string;
}

const EXPORT =
  `in Python, with the model built: torch.onnx.export(model.eval(), (torch.zeros(1, 3, 224, 224),), "model.onnx")`;

export const ADVICE = {
  tflite: {
    what: "a TensorFlow Lite model",
    advice:
      "its gradients are lost; make ONNX of it: python -m tf2onnx.convert --tflite model.tflite --output model.onnx",
  },
  "saved-model": {
    what: "a TensorFlow SavedModel",
    advice: "make ONNX of it: python -m tf2onnx.convert --saved-model FOLDER --output model.onnx",
  },
  "tfjs-graph": {
    what: "a TensorFlow.js graph model, which has lost its layers",
    advice: "convert the Keras model itself, or just open its .keras or .h5 file; " +
      "without it: python -m tf2onnx.convert --tfjs model.json --output model.onnx",
  },
  torchscript: { what: "a TorchScript model", advice: EXPORT },
  torch: { what: "a PyTorch file of weights, without the layers", advice: EXPORT },
  pickle: {
    what: "a Python pickle, which can run any code when it is read",
    advice: EXPORT,
  },
  safetensors: { what: "a safetensors file of weights, without the layers", advice: EXPORT },
  zip: {
    what: "a zip archive of something else than a Keras model",
    advice: "unpack it, and give the folder or the model's file",
  },
  "keras-folder": {
    what: "an unpacked .keras file",
    advice: "pack it again: cd FOLDER && zip -0 ../model.keras *",
  },
} as const satisfies Readonly<Record<string, Refused>>;

/** Says what a file is, and what to do instead. */
export function refusal(name: string, { what, advice }: Refused): Error {
  return new Error(`Cannot load the model: ${name} is ${what}; ${advice}`);
}
