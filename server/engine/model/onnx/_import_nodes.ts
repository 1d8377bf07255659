/** Imports operations one after the other; of those that choose between graphs the one that is taken. */
import { type Builder } from "./_builder.ts";
import { input, int, type OnnxCall, refuse } from "./_call.ts";
import { FOLDS } from "./_fold.ts";
import { layerNames, tidy } from "./_names.ts";
import { OPERATORS, RENAMINGS } from "./_operators.ts";
import type { NodeProto, TensorProto } from "./_proto.ts";
import { decodeTensor, type ReadExternal, type Tensor } from "./_tensor.ts";
import { constant, isConstant, product, type Value } from "./_value.ts";

/** What is known while operations are imported, one after the other. */
export interface Importing {
  readonly build: Builder;
  readonly opset: number;
  readonly external: ReadExternal;
  readonly tensors: ReadonlyMap<string, TensorProto>;
  /** By name; null where what would compute it was refused. */
  readonly values: Map<string, Value | null>;
  /** Names of tensors that count as parameters. */
  readonly learned: Set<string>;
  /** Operations by the reason for which they are not computed. */
  readonly refusals: Map<string, string[]>;
}

/** Imports operations that are sorted; refusals are collected. */
export function importNodes(sorted: readonly NodeProto[], importing: Importing): void {
  const { build, values, tensors, learned } = importing;
  const names = layerNames(sorted);
  sorted.forEach((node, at) => {
    const name = names[at] ?? node.op;
    const inputs = node.inputs.map((input) => input === "" ? null : valueOf(input, importing));
    countLearned(node, tensors, learned);
    const broken = inputs.some((value, i) => value === undefined || value === null && node.inputs[i] !== "");
    let outputs: readonly (Value | null)[] | null = null;
    if (!broken) {
      build.begin(name, node.op);
      const call: OnnxCall = {
        node,
        inputs: inputs as readonly (Value | null)[],
        build,
        opset: importing.opset,
        tensor: (attribute) => attributeTensor(node, attribute, importing.external),
      };
      try {
        outputs = node.op === "If" && node.domain === "" ? branchOf(call, importing) : imported(call);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        const { message } = error;
        addRefusal(importing, `${tidy(node.op)}${message.startsWith("its ") ? ":" : ""} ${message}`, name);
      }
    } else if (inputs.includes(undefined)) {
      const missing = node.inputs.find((_, i) => inputs[i] === undefined) ?? "";
      throw new Error(`operation ${name} reads ${tidy(missing)}, which nothing computes`);
    } else if (!isCovered(node)) addRefusal(importing, `${tidy(node.op)} ${NOT_COMPUTED}`, name);
    node.outputs.forEach((output, i) => {
      if (output !== "") values.set(output, outputs?.[i] ?? null);
    });
  });
}

function valueOf(name: string, { values, tensors, external }: Importing): Value | null | undefined {
  const known = values.get(name);
  if (known !== undefined) return known;
  const tensor = tensors.get(name);
  if (tensor === undefined) return undefined;
  const value = constant(decodeTensor(tensor, external));
  values.set(name, value);
  return value;
}

function addRefusal({ refusals }: Importing, reason: string, name: string): void {
  refusals.set(reason, [...refusals.get(reason) ?? [], name]);
}

/** The branch that a condition takes which is known when the file is opened, its operations in the place of the choice. */
function branchOf(call: OnnxCall, importing: Importing): readonly (Value | null)[] {
  const condition = input(call, 0);
  if (!isConstant(condition)) refuse("must have a condition that is known when the file is opened");
  const taken = condition.source.values[0] === 0 ? "else_branch" : "then_branch";
  const graph = call.node.attributes.get(taken)?.g ?? refuse(`must have a graph as its ${taken}`);
  const inside: Importing = {
    ...importing,
    tensors: new Map([
      ...importing.tensors,
      ...graph.initializers.map((tensor) => [tensor.name, tensor] as const),
    ]),
    values: new Map(importing.values),
  };
  importNodes(graph.nodes, inside);
  return graph.outputs.map(({ name }) => valueOf(name, inside) ?? null);
}

const NOT_COMPUTED = "is not computed";

function isCovered({ op, domain }: NodeProto): boolean {
  return domain === "" && (OPERATORS.has(op) || RENAMINGS.has(op) || FOLDS.has(op) || SHAPES.has(op));
}

const SHAPES: ReadonlySet<string> = new Set(["Constant", "Shape", "Size"]);

function imported(call: OnnxCall): readonly Value[] {
  const { node, inputs } = call;
  if (node.domain !== "") throw new RangeError(`of the domain ${tidy(node.domain)} ${NOT_COMPUTED}`);
  if (node.op === "Constant") return [constantOf(call)];
  if (node.op === "Shape") return [shapeOf(call)];
  if (node.op === "Size") return [whole([product(inputs[0]?.dims ?? [])], [])];
  const renaming = RENAMINGS.get(node.op);
  if (renaming !== undefined) return renaming(call);
  const known = inputs.every((value) => value === null || isConstant(value));
  const fold = known ? FOLDS.get(node.op) : undefined;
  if (fold !== undefined) return fold(call);
  const operator = OPERATORS.get(node.op);
  if (operator !== undefined) return operator(call);
  throw new RangeError(FOLDS.has(node.op) ? "is computed only of known numbers" : NOT_COMPUTED);
}

function constantOf(call: OnnxCall): Value {
  const { attributes } = call.node;
  const tensor = call.tensor("value");
  if (tensor !== null) return constant(tensor);
  const written = attributes.get("value_int") ?? attributes.get("value_ints");
  if (written !== undefined) {
    return written.i === null ? whole(written.ints, [written.ints.length]) : whole([written.i], []);
  }
  const float = attributes.get("value_float") ?? attributes.get("value_floats");
  if (float === undefined) throw new RangeError("must hold numbers");
  const values = Float32Array.from(float.f === null ? float.floats : [float.f]);
  return constant({ dims: float.f === null ? [values.length] : [], kind: "float", values });
}

function shapeOf(call: OnnxCall): Value {
  const dims = call.inputs[0]?.dims ?? [];
  const sides = dims.slice(int(call, "start", 0), int(call, "end", dims.length));
  return whole(sides, [sides.length]);
}

function whole(values: readonly number[], dims: readonly number[]): Value {
  return constant({ dims, kind: "whole", values: Float64Array.from(values) });
}

function attributeTensor(node: NodeProto, name: string, external: ReadExternal): Tensor | null {
  const tensor = node.attributes.get(name)?.t ?? null;
  return tensor === null ? null : decodeTensor(tensor, external);
}

/** Operations whose inputs are measured, not learned. */
const MEASURED: ReadonlyMap<string, readonly number[]> = new Map([["BatchNormalization", [3, 4]]]);

function countLearned(
  node: NodeProto,
  tensors: ReadonlyMap<string, TensorProto>,
  learned: Set<string>,
): void {
  node.inputs.forEach((name, at) => {
    if (tensors.has(name) && !MEASURED.get(node.op)?.includes(at)) learned.add(name);
  });
}
