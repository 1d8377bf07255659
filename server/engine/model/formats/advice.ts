/** Formats that are recognised and not read, each with the command that makes a file which is. */
import type { TorchFile } from "./torch_file.ts";

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

/** How a file of Python is read again. */
type Reader = "torch.load" | "pickle.load";

/** The call that reads a file of PyTorch, also one that was saved on another device. */
function loaded(by: Reader, key: string | null = null, runsCode = false): string {
  const entry = key === null ? "" : `["${key}"]`;
  if (by === "pickle.load") return `pickle.load(open("model.pkl", "rb"))${entry}`;
  return `torch.load("model.pth", map_location="cpu"${runsCode ? ", weights_only=False" : ""})${entry}`;
}

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
    advice: `in Python, with the model built: model.load_state_dict(${loaded("torch.load")}); ${
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

/** What PyTorch or `pickle` wrote, by what is in it. */
export function ofTorch(file: TorchFile, by: Reader): Refused {
  switch (file.kind) {
    case "weights": {
      const runsCode = file.runsCode || by === "pickle.load";
      return {
        what: file.key === null
          ? "a PyTorch file of weights, without the layers"
          : "a PyTorch checkpoint: weights and more, without the layers",
        advice: `in Python, with the model built${runsCode ? IF_TRUSTED : ""}: ` +
          `model.load_state_dict(${loaded(by, file.key, runsCode)}); ${exportOf("model")}`,
      };
    }
    case "model": {
      const model = loaded(by, file.key, true) + (file.isWrapped ? ".module" : "");
      return {
        what: `a whole PyTorch model as a pickle${file.className === null ? "" : ` (${file.className})`}`,
        advice: `in Python, with its classes defined or imported${IF_TRUSTED}: ${exportOf(model)}`,
      };
    }
    case "nothing":
      return by === "torch.load" ? ADVICE.torch : ADVICE.pickle;
    default:
      throw new Error(`Cannot load the model: the kind ${file satisfies never} of PyTorch's file is unknown`);
  }
}

const IF_TRUSTED = ", and if you trust the file, which may run code when it is read";

/** Says what a file is, and what to do instead. */
export function refusal(name: string, { what, advice }: Refused): Error {
  return new Error(`Cannot load the model: ${name} is ${what}; ${advice}`);
}
