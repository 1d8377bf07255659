/** The seam between formats and the engine: what the reader of a format makes of its files. */
import type { Draft } from "../graph/graph.ts";
import type { InputSize } from "../graph/layers.ts";
import type { ModelFiles } from "./files.ts";
import type { PresetName } from "./normalisation.ts";

export { NotCovered } from "../graph/not_covered.ts";

/** What a format's reader returns: operations with weights, before card, labels and normalisation. */
export interface SourceModel {
  /** "TensorFlow.js Layers", "Keras 3 (.keras)", "Keras (.h5)", "ONNX" …, as people read it. */
  readonly format: string;
  /** Operations in any order, the weights in them; one of them is the `input`. */
  readonly drafts: readonly Draft[];
  /** Name of the node that yields the model's output. */
  readonly output: string;
  /** Class names that the files hold, and which file or entry; null where there are none. */
  readonly labels: { readonly names: readonly string[]; readonly from: string } | null;
  /** How many numbers were learned. */
  readonly parameters: number;
  /** Sentences on what was assumed: "dynamic height and width: taken as 224 × 224". */
  readonly notes: readonly string[];
  /**
   * Normalisation as the graph or the metadata of the file itself say it, or as networks of its exporter usually have it,
   * and which of these; null: it is guessed by the layers.
   */
  readonly normalisation: { readonly preset: PresetName; readonly from: string } | null;
}

/** What a reader may look at. */
export interface ReadRequest {
  /** The files of the folder that the model lies in, each bounded by whoever reads it. */
  readonly files: ModelFiles;
  /** Name of the model's file in it. */
  readonly file: string;
  /** Size of an input that the model lets have any, as the card gives it. */
  readonly inputSize: InputSize | null;
  /** Bytes that the weights may take in memory. */
  readonly mostBytes: number;
}

/** Reads a model of one format. Throws NotCovered, or an Error with one sentence on what does not fit and where. */
export type SourceReader = (request: ReadRequest) => Promise<SourceModel>;
