/** Paths of models: what is one by its name, and where uploaded ones lie. Pure. */
import { extname, join, resolve } from "node:path";

/** Endings of files that are a model each. */
const MODEL_ENDINGS = [".keras", ".h5", ".hdf5", ".onnx"];

/** Reports whether a path is named like a file that is a model by itself. */
export function isModelFile(path: string): boolean {
  return MODEL_ENDINGS.includes(extname(path).toLowerCase());
}

/** Folder of uploaded models, each in a folder of its own, in the server's data folder. */
export function uploadFolder(data: string): string {
  return join(resolve(data), "models");
}
