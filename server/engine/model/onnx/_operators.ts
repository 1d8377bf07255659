/** The table of ONNX's operators that become nodes of the graph. */
import type { ActivationName } from "../../graph/graph.ts";
import { pad } from "./_borders.ts";
import type { Importer } from "./_call.ts";
import { concat, expand, tile } from "./_joining.ts";
import { einsum } from "./_einsum.ts";
import { gemm, matMul } from "./_matrices.ts";
import {
  cast,
  depthToSpace,
  flatten,
  reshape,
  same,
  spaceToDepth,
  squeeze,
  transpose,
  unsqueeze,
} from "./_moving.ts";
import {
  batchNormalization,
  groupNormalization,
  instanceNormalization,
  layerNormalization,
  localNormalization,
  logSoftmax,
  reduceL2,
  reducing,
  softmax,
} from "./_normalising.ts";
import {
  celu,
  clip,
  elu,
  gelu,
  hardSigmoid,
  leakyRelu,
  limit,
  merging,
  pointwise,
  power,
  prelu,
  selu,
} from "./_pointwise.ts";
import { resize } from "./_resizing.ts";
import { gather, slice, split } from "./_slicing.ts";
import { convTranspose } from "./_transposed.ts";
import { averagePool, conv, globalPool, maxPool } from "./_windows.ts";

const plain = (name: ActivationName): Importer => pointwise({ function: name });

/** Importers by ONNX's names, of values that are computed. */
export const OPERATORS: ReadonlyMap<string, Importer> = new Map<string, Importer>([
  ["Conv", conv],
  ["ConvTranspose", convTranspose],
  ["MaxPool", maxPool],
  ["AveragePool", averagePool],
  ["GlobalAveragePool", globalPool("global-average-pool")],
  ["GlobalMaxPool", globalPool("global-max-pool")],
  ["Pad", pad],
  ["Resize", resize],
  ["Upsample", resize],
  ["Gemm", gemm],
  ["MatMul", matMul],
  ["Einsum", einsum],
  ["BatchNormalization", batchNormalization],
  ["LayerNormalization", layerNormalization],
  ["InstanceNormalization", instanceNormalization],
  ["GroupNormalization", groupNormalization],
  ["LRN", localNormalization],
  ["Softmax", softmax],
  ["LogSoftmax", logSoftmax],
  ["ReduceMean", reducing("mean")],
  ["ReduceSum", reducing("sum")],
  ["ReduceMax", reducing("max")],
  ["ReduceL2", reduceL2],
  ["Relu", plain("relu")],
  ["Sigmoid", plain("sigmoid")],
  ["Tanh", plain("tanh")],
  ["HardSwish", plain("hard-swish")],
  ["Swish", plain("swish")],
  ["Softplus", plain("softplus")],
  ["Softsign", plain("softsign")],
  ["Mish", plain("mish")],
  ["Erf", plain("erf")],
  ["Exp", plain("exp")],
  ["Log", plain("log")],
  ["Sqrt", plain("sqrt")],
  ["Neg", plain("negative")],
  ["Abs", plain("abs")],
  ["Reciprocal", plain("reciprocal")],
  ["LeakyRelu", leakyRelu],
  ["PRelu", prelu],
  ["Elu", elu],
  ["Selu", selu],
  ["Celu", celu],
  ["Gelu", gelu],
  ["Clip", clip],
  ["HardSigmoid", hardSigmoid],
  ["Max", limit("max")],
  ["Min", limit("min")],
  ["Pow", power],
  ["Add", merging("add")],
  ["Sum", merging("add")],
  ["Sub", merging("subtract")],
  ["Mul", merging("multiply")],
  ["Div", merging("divide")],
  ["Concat", concat],
  ["Split", split],
  ["Slice", slice],
  ["Gather", gather],
  ["Expand", expand],
  ["Tile", tile],
  ["DepthToSpace", depthToSpace],
  ["SpaceToDepth", spaceToDepth],
  ["Cast", cast],
]);

/** Importers that move nothing, of values that are known as of those that are computed. */
export const RENAMINGS: ReadonlyMap<string, Importer> = new Map<string, Importer>([
  ["Identity", same],
  ["Dropout", same],
  ["Reshape", reshape],
  ["Transpose", transpose],
  ["Flatten", flatten],
  ["Squeeze", squeeze],
  ["Unsqueeze", unsqueeze],
]);
