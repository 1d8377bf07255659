/** Imports a graph of ONNX, one operation after the other. */
import type { Draft } from "../../graph/graph.ts";
import type { InputSize } from "../../graph/layers.ts";
import { NotCovered } from "../../graph/not_covered.ts";
import { MAX_INPUT_SIDE } from "../limits.ts";
import { storageOrder } from "./_arrange.ts";
import { Builder } from "./_builder.ts";
import { type Importing, importNodes } from "./_import_nodes.ts";
import { tidy } from "./_names.ts";
import { inlined, needed } from "./_outline.ts";
import { tidied } from "./_passes.ts";
import type { ModelProto, NodeProto, TensorProto, ValueInfo } from "./_proto.ts";
import type { ReadExternal } from "./_tensor.ts";
import { isConstant, product, stored, type Value } from "./_value.ts";

export interface ImportOptions {
  /** Size of an input that may have any, as the card gives it. */
  readonly inputSize: InputSize | null;
  readonly external: ReadExternal;
  /** Bytes that the weights may take. */
  readonly mostBytes: number;
}

export interface Imported {
  readonly drafts: readonly Draft[];
  readonly output: string;
  readonly notes: readonly string[];
  /** Numbers of weights that were read. */
  readonly parameters: number;
}

/** Side of a picture where neither the file nor the card gives one. */
const USUAL_SIDE = 224;

/** Names of operations that a refusal lists. */
const MAX_NAMED = 3;

/** Channels that a picture may have. */
const CHANNELS: readonly (number | string | undefined)[] = [1, 3];

/**
 * Imports what the model's first output needs.
 *
 * @throws NotCovered with every operation that is not computed, or an Error with a reason
 */
export function importGraph(model: ModelProto, { inputSize, external, mostBytes }: ImportOptions): Imported {
  const build = new Builder(mostBytes);
  const nodes = inlined(model);
  const { output, skipped } = outputOf(model, nodes);
  const sorted = needed(nodes, output);
  if (skipped !== null) {
    build.notes.add(`The output is taken before ${skipped}, which leaves no score for each class.`);
  }
  if (model.outputs.length > 1) {
    build.notes.add(
      `Of ${model.outputs.length} outputs the first is taken, ${tidy(model.outputs[0]?.name ?? "")}.`,
    );
  }
  const tensors = new Map(model.initializers.map((tensor) => [tensor.name, tensor]));
  const info = inputOf(model, sorted, tensors);
  const importing: Importing = {
    build,
    opset: model.opset,
    external,
    tensors,
    values: new Map([[info.name, pictureInput(build, info, inputSize)]]),
    learned: new Set(),
    refusals: new Map(),
  };
  importNodes(sorted, importing);
  const { values, learned, refusals } = importing;
  if (refusals.size > 0) throw new NotCovered([...refusals].map(([reason, at]) => refusalOf(reason, at)));
  const result = values.get(output);
  if (result === undefined || result === null || isConstant(result)) {
    throw new Error(`its output ${tidy(output)} does not depend on its input`);
  }
  const last = result.source as Extract<Value["source"], { kind: "node" }>;
  build.begin(last.name, "Output");
  const order = storageOrder(result.dims);
  const flat = result.atoms.length <= 1;
  const scores = flat ? last.name : build.node({ ...result, source: last }, order.map((axis) => [axis]));
  const drafts = tidied(build.drafts, scores);
  return { drafts, output: scores, notes: [...build.notes], parameters: learnedCount(learned, tensors) };
}

function refusalOf(reason: string, at: readonly string[]): string {
  const named = at.slice(0, MAX_NAMED).join(", ");
  return `${reason} (${
    at.length > MAX_NAMED ? `${at.length.toLocaleString("en")} times: ${named}, …` : named
  })`;
}

/** The output that gives the scores: what the last choice of a class is made from, if there is one. */
function outputOf(model: ModelProto, nodes: readonly NodeProto[]) {
  const [first] = model.outputs;
  if (first === undefined) {
    throw new Error("it must have an output, got none; export it with what it computes as its output");
  }
  const last = nodes.find(({ outputs }) => outputs.includes(first.name));
  const chooses = last !== undefined && (last.op === "ArgMax" || last.op === "TopK");
  return chooses ? { output: last.inputs[0] ?? "", skipped: last.op } : { output: first.name, skipped: null };
}

/** The one input that the output depends on. */
function inputOf(
  model: ModelProto,
  sorted: readonly NodeProto[],
  tensors: ReadonlyMap<string, TensorProto>,
): ValueInfo {
  const read = new Set(sorted.flatMap(({ inputs }) => inputs));
  const inputs = model.inputs.filter(({ name }) => !tensors.has(name) && read.has(name));
  const [input, ...more] = inputs;
  if (input !== undefined && more.length === 0) return input;
  const found = inputs.map(({ name, dims }) => `${tidy(name)} [${(dims ?? []).join(", ")}]`).join(", ");
  throw new Error(
    `it must have one input, a picture; export the part that takes the picture alone, got ` +
      (found === "" ? "none" : found),
  );
}

function pictureInput(build: Builder, { name, dims }: ValueInfo, inputSize: InputSize | null): Value {
  const written = `[${(dims ?? []).map((side) => typeof side === "string" ? tidy(side) : side).join(", ")}]`;
  if (dims === null || dims.length !== 4) {
    throw new Error(`its input must be a picture, [1, 3, height, width], got ${written}`);
  }
  const [batch, ...sides] = dims;
  if (typeof batch === "number" && batch > 1) {
    throw new Error(`its input must be one picture, export the model with a batch of 1, got ${written}`);
  }
  const first = CHANNELS.includes(sides[0]) || typeof sides[0] === "string" && !CHANNELS.includes(sides[2]);
  const channels = first ? sides[0] : sides[2];
  if (!CHANNELS.includes(channels) && typeof channels !== "string") {
    throw new Error(`its input must have 1 or 3 channels, got ${written}`);
  }
  const [high, wide] = first ? [sides[1], sides[2]] : [sides[0], sides[1]];
  const fixed = typeof high === "number" && typeof wide === "number" && high > 0 && wide > 0;
  const height = fixed ? high : inputSize?.height ?? USUAL_SIDE;
  const width = fixed ? wide : inputSize?.width ?? USUAL_SIDE;
  if (Math.max(height, width) > MAX_INPUT_SIDE || !Number.isInteger(height) || !Number.isInteger(width)) {
    throw new Error(`its input may have ${MAX_INPUT_SIDE} pixels on a side, got ${written}`);
  }
  if (!fixed && inputSize === null) {
    build.notes.add(`The input takes any size: taken as ${width} × ${height}; the card may give another.`);
  }
  const depth = typeof channels === "number" ? channels : 3;
  const label = tidy(name) === "" ? "input" : tidy(name);
  build.begin(label, "Input");
  const node = build.add("input", [], { shape: [height, width, depth] }, {});
  const source = { kind: "node", name: node, shape: [height, width, depth] } as const;
  return first
    ? stored(source, [1, depth, height, width], [2, 3, 1])
    : stored(source, [1, height, width, depth], [1, 2, 3]);
}

function learnedCount(learned: ReadonlySet<string>, tensors: ReadonlyMap<string, TensorProto>): number {
  let count = 0;
  for (const name of learned) {
    const tensor = tensors.get(name);
    if (tensor !== undefined && tensor.type === FLOAT32 && tensor.dims.length > 0) {
      count += product(tensor.dims);
    }
  }
  return count;
}

const FLOAT32 = 1;
