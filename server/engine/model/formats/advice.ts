/** Formats that are recognised and not read, each with the command that makes a file which is. */

/** A format that is not read. */
export interface Refused {
  /** What the file is, with its article. */
  readonly what: string;
  /** What to do, a sentence or a command. */
  readonly advice: string;
}

/** The call that writes ONNX; what PyTorch's present exporter does not take, the old one does. */
const exportOf = (model: string, more = "") =>
  `torch.onnx.export(${model}.eval(), (torch.zeros(1, 3, 224, 224),), "model.onnx"${more})`;

const EXPORT = `in Python, with the model built: ${exportOf("model")}`;

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
    advice: "open the .keras or .h5 file that it was made of, " +
      "or make ONNX of its SavedModel: python -m tf2onnx.convert --saved-model FOLDER --output model.onnx",
  },
  torchscript: {
    what: "a TorchScript model",
    advice: `in Python: ${exportOf('torch.jit.load("model.pt")', ", dynamo=False")}`,
  },
  "torch-export": {
    what: "a program of torch.export",
    advice: 'in Python: torch.onnx.export(torch.export.load("model.pt2"), (), "model.onnx")',
  },
  torch: {
    what: "a PyTorch file of weights, without the layers",
    advice: `in Python, with the model built: model.load_state_dict(torch.load("weights.pth")); ${
      exportOf("model")
    }`,
  },
  pickle: {
    what: "a Python pickle, which can run any code when it is read",
    advice: EXPORT,
  },
  safetensors: {
    what: "a safetensors file of weights, without the layers",
    advice: "in Python, with the model built: " +
      `model.load_state_dict(safetensors.torch.load_file("model.safetensors")); ${exportOf("model")}`,
  },
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
