/** The reader of each format. */
import { readKerasArchive } from "../keras/archive.ts";
import { readKerasHdf5 } from "../keras/legacy.ts";
import { readOnnx } from "../onnx/mod.ts";
import type { SourceReader } from "../source_model.ts";
import { readTfjsLayers } from "../tfjs_layers.ts";
import type { FormatId } from "./look.ts";

/** Reads a model of each format. */
export const READERS: Readonly<Record<FormatId, SourceReader>> = {
  "tfjs-layers": readTfjsLayers,
  keras: readKerasArchive,
  "keras-hdf5": readKerasHdf5,
  onnx: readOnnx,
};
