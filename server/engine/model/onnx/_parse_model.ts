/** Reads a model's graph and functions out of the bytes of its file. */
import { addEntry, tooMany } from "./_entries.ts";
import { addAttribute, type Budget, MAX_NAMES, MAX_NODES, parseNode } from "./_parse_node.ts";
import { parseTensor } from "./_parse_tensor.ts";
import { parseValueInfo } from "./_parse_value.ts";
import type { Attribute, FunctionProto, ModelProto, NodeProto, TensorProto, ValueInfo } from "./_proto.ts";
import { Fields } from "./_wire.ts";

const MAX_TENSORS = 20_000;

/**
 * Reads a model.
 *
 * @throws Error with a reason that follows "Cannot load the model: NAME cannot be read:"
 */
export function parseModel(bytes: Uint8Array<ArrayBuffer>): ModelProto {
  const budget: Budget = { nodes: MAX_NODES, tensors: MAX_TENSORS };
  const metadata = new Map<string, string>();
  const functions: FunctionProto[] = [];
  let producer = "";
  let opset = 0;
  let graph: ReturnType<typeof parseGraph> | null = null;
  const fields = new Fields(bytes);
  while (fields.next()) {
    switch (fields.field) {
      case 2:
        producer = fields.text();
        break;
      case 7:
        graph = parseGraph(fields.bytes(), budget);
        break;
      case 8:
        opset = Math.max(opset, parseOpset(fields.bytes()));
        break;
      case 14:
        addEntry(metadata, fields.bytes());
        break;
      case 25:
        functions.push(parseFunction(fields.bytes(), budget));
        break;
      default:
        fields.skip();
    }
  }
  if (graph === null || graph.nodes.length === 0) throw new Error("it holds no graph of operations");
  return { producer, opset, metadata, functions, ...graph };
}

function parseGraph(bytes: Uint8Array<ArrayBuffer>, budget: Budget) {
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
        if (--budget.tensors < 0) throw tooMany("tensors", MAX_TENSORS);
        initializers.push(parseTensor(fields.bytes()));
        break;
      case 11:
        if (inputs.length >= MAX_TENSORS) throw tooMany("inputs", MAX_TENSORS);
        inputs.push(parseValueInfo(fields.bytes()));
        break;
      case 12:
        if (outputs.length >= MAX_NAMES) throw tooMany("outputs", MAX_NAMES);
        outputs.push(parseValueInfo(fields.bytes()));
        break;
      case 15:
        throw new Error("it holds sparse tensors, which Gradcast does not read");
      default:
        fields.skip();
    }
  }
  return { nodes, initializers, inputs, outputs };
}

function parseFunction(bytes: Uint8Array<ArrayBuffer>, budget: Budget): FunctionProto {
  const [inputs, outputs]: [string[], string[]] = [[], []];
  const nodes: NodeProto[] = [];
  const defaults = new Map<string, Attribute>();
  let [name, domain] = ["", ""];
  const fields = new Fields(bytes);
  while (fields.next()) {
    switch (fields.field) {
      case 1:
        name = fields.text();
        break;
      case 4:
        inputs.push(fields.text());
        break;
      case 5:
        outputs.push(fields.text());
        break;
      case 7:
        nodes.push(parseNode(fields.bytes(), budget));
        break;
      case 10:
        domain = fields.text();
        break;
      case 11:
        addAttribute(defaults, fields.bytes());
        break;
      default:
        fields.skip();
    }
  }
  return { name, domain, inputs, outputs, nodes, defaults };
}

/** Version of the standard operators; 0 for those of others. */
function parseOpset(bytes: Uint8Array<ArrayBuffer>): number {
  let domain = "";
  let version = 0;
  const fields = new Fields(bytes);
  while (fields.next()) {
    if (fields.field === 1) domain = fields.text();
    else if (fields.field === 2) version = fields.integer();
    else fields.skip();
  }
  return domain === "" || domain === "ai.onnx" ? version : 0;
}
