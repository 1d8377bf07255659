/** Reads ONNX: a file, perhaps with its weights in a second one beside it. */
export { readOnnx } from "./read.ts";
