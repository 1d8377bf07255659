/** ONNX messages as far as they are needed. */

/** Where a tensor's numbers lie in a file beside the model. */
export interface External {
  readonly location: string;
  readonly offset: number;
  /** `null`: as many bytes as the tensor takes. */
  readonly length: number | null;
}

/** A tensor as it is written; {@link decodeTensor} makes numbers of it. */
export interface TensorProto {
  readonly name: string;
  readonly dims: readonly number[];
  /** Number of the element type. */
  readonly type: number;
  readonly raw: Uint8Array<ArrayBuffer> | null;
  /** float_data, or the bytes of double_data. */
  readonly floats: readonly Uint8Array<ArrayBuffer>[];
  readonly doubles: readonly Uint8Array<ArrayBuffer>[];
  /** int32_data, int64_data or uint64_data. */
  readonly integers: readonly number[];
  readonly external: External | null;
}

/** One setting of a node. */
export interface Attribute {
  readonly f: number | null;
  readonly i: number | null;
  readonly s: string | null;
  readonly t: TensorProto | null;
  /** Operations of a branch or of a loop's body. */
  readonly g: GraphProto | null;
  readonly floats: readonly number[];
  readonly ints: readonly number[];
  /** In a function: the attribute of the call that it stands for. */
  readonly reference: string | null;
}

/** A graph inside an operation; it may read values of the graph around it. */
export interface GraphProto {
  readonly nodes: readonly NodeProto[];
  readonly initializers: readonly TensorProto[];
  readonly outputs: readonly ValueInfo[];
}

export interface NodeProto {
  readonly op: string;
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Values of the graph around it that graphs inside it read. */
  readonly captures: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** Path of modules that PyTorch's exporter wrote, outermost first; empty without. */
  readonly scopes: readonly string[];
}

/** An input or output: its sides are numbers or names of what is open; null where no shape is written. */
export interface ValueInfo {
  readonly name: string;
  readonly type: number;
  readonly dims: readonly (number | string)[] | null;
}

export interface FunctionProto {
  readonly name: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: readonly NodeProto[];
  readonly defaults: ReadonlyMap<string, Attribute>;
}

export interface ModelProto {
  readonly producer: string;
  readonly opset: number;
  readonly metadata: ReadonlyMap<string, string>;
  readonly functions: readonly FunctionProto[];
  readonly nodes: readonly NodeProto[];
  readonly initializers: readonly TensorProto[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
}
