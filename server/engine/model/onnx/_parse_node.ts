/** Reads nodes and their attributes out of their bytes. */
import { addEntry, countFields, holdTo } from "./_entries.ts";
import { parseValueInfo } from "./_parse_value.ts";
import { parseTensor } from "./_parse_tensor.ts";
import type { Attribute, GraphProto, NodeProto, TensorProto, ValueInfo } from "./_proto.ts";
import { Fields, MAX_LIST } from "./_wire.ts";

/** Nodes that a graph may have: EfficientNet-B7 has 1,000, what PyTorch writes of a large ViT 3,000. */
export const MAX_NODES = 20_000;
/** Names that a node may read or write. */
export const MAX_NAMES = 4096;

/** Tensors that a model may hold. */
const MAX_TENSORS = 20_000;
/** Graphs that may lie in each other. */
const MAX_DEPTH = 8;

/** What has come so far. */
export interface Budget {
  nodes: number;
  tensors: number;
  /** Graphs that are open. */
  depth: number;
}

/** The model's own graph, which has inputs. */
export interface MainGraph extends GraphProto {
  readonly inputs: readonly ValueInfo[];
}

/** Reads a graph: the model's, or one inside an operation. */
export function parseGraph(bytes: Uint8Array<ArrayBuffer>, budget: Budget): MainGraph {
  if (++budget.depth > MAX_DEPTH) {
    throw new Error(`its graphs lie in each other more than ${MAX_DEPTH} deep`);
  }
  budget.nodes += countFields(bytes, 1);
  budget.tensors += countFields(bytes, 5);
  holdTo("operations", budget.nodes, MAX_NODES);
  holdTo("tensors", budget.tensors, MAX_TENSORS);
  holdTo("inputs", countFields(bytes, 11), MAX_TENSORS);
  holdTo("outputs", countFields(bytes, 12), MAX_NAMES);
  const nodes: NodeProto[] = [];
  const initializers: TensorProto[] = [];
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  const fields = new Fields(bytes);
  while (fields.next()) {
    switch (fields.field) {
      case 1:
        nodes.push(parseNode(fields.bytes(), budget));
        break;
      case 5:
        initializers.push(parseTensor(fields.bytes()));
        break;
      case 11:
        inputs.push(parseValueInfo(fields.bytes()));
        break;
      case 12:
        outputs.push(parseValueInfo(fields.bytes()));
        break;
      case 15:
        throw new Error("it holds sparse tensors, which Gradcast does not read");
      default:
        fields.skip();
    }
  }
  budget.depth--;
  return { nodes, initializers, inputs, outputs };
}

export function parseNode(bytes: Uint8Array<ArrayBuffer>, budget: Budget): NodeProto {
  holdTo("inputs and outputs of one operation", countFields(bytes, 1) + countFields(bytes, 2), MAX_NAMES);
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, Attribute>();
  const metadata = new Map<string, string>();
  let [name, op, domain] = ["", "", ""];
  const fields = new Fields(bytes);
  while (fields.next()) {
    switch (fields.field) {
      case 1:
        inputs.push(fields.text());
        break;
      case 2:
        outputs.push(fields.text());
        break;
      case 3:
        name = fields.text();
        break;
      case 4:
        op = fields.text();
        break;
      case 5:
        addAttribute(attributes, fields.bytes(), budget);
        break;
      case 7:
        domain = fields.text();
        break;
      case 9:
        addEntry(metadata, fields.bytes(), SCOPES);
        break;
      default:
        fields.skip();
    }
  }
  const standard = domain === "ai.onnx" ? "" : domain;
  return {
    op,
    domain: standard,
    name,
    inputs,
    outputs,
    captures: capturesOf(attributes),
    attributes,
    scopes: parseScopes(metadata.get(SCOPES)),
  };
}

/** Names that the graphs of a node read and do not make. */
function capturesOf(attributes: ReadonlyMap<string, Attribute>): readonly string[] {
  const found = new Set<string>();
  for (const { g } of attributes.values()) {
    if (g === null) continue;
    const made = new Set([
      ...g.initializers.map(({ name }) => name),
      ...g.nodes.flatMap(({ outputs }) => outputs),
    ]);
    const read = [
      ...g.nodes.flatMap(({ inputs, captures }) => [...inputs, ...captures]),
      ...g.outputs.map(({ name }) => name),
    ];
    for (const name of read) if (name !== "" && !made.has(name)) found.add(name);
  }
  return [...found];
}

/** Metadata of a node in which PyTorch's exporter writes the path of its module. */
const SCOPES = "pkg.torch.onnx.name_scopes";

/** Python's list of strings: `['', 'layer1', 'layer1.0']`. */
function parseScopes(written: string | undefined): readonly string[] {
  if (written === undefined || written.length > 4096) return [];
  return [...written.matchAll(/'([^']*)'/gu)].map(([, scope = ""]) => scope).filter((scope) => scope !== "");
}

export function addAttribute(
  to: Map<string, Attribute>,
  bytes: Uint8Array<ArrayBuffer>,
  budget: Budget,
): void {
  let name = "";
  let [f, i]: [number | null, number | null] = [null, null];
  let [s, reference]: [string | null, string | null] = [null, null];
  let t: TensorProto | null = null;
  let g: GraphProto | null = null;
  const floats: number[] = [];
  const ints: number[] = [];
  const fields = new Fields(bytes);
  while (fields.next()) {
    switch (fields.field) {
      case 1:
        name = fields.text();
        break;
      case 2:
        f = fields.float();
        break;
      case 3:
        i = fields.integer();
        break;
      case 4:
        s = fields.text();
        break;
      case 5:
        t = parseTensor(fields.bytes());
        break;
      case 6:
        g = parseGraph(fields.bytes(), budget);
        break;
      case 7:
        fields.floats(floats, MAX_LIST);
        break;
      case 8:
        fields.integers(ints, MAX_LIST);
        break;
      case 21:
        reference = fields.text();
        break;
      default:
        fields.skip();
    }
  }
  to.set(name, { f, i, s, t, g, floats, ints, reference });
}
