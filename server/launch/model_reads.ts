/** What a process may read for a model. */
import { dirname, extname, resolve } from "node:path";

/** Endings of files that have a card, labels or further weights beside them. */
const FILES: readonly string[] = [".keras", ".h5", ".hdf5", ".onnx"];

/** Paths that a model is read from: its folder, or its file with the folder that it lies in. */
export function modelReads(model: string): readonly string[] {
  const path = resolve(model);
  return FILES.includes(extname(path).toLowerCase()) ? [path, dirname(path)] : [path];
}
