/** Reads a model's graph and functions out of the bytes of its file. */
import { addEntry, countFields, holdTo } from "./_entries.ts";
import { addAttribute, type Budget, MAX_NODES, parseGraph, parseNode } from "./_parse_node.ts";
import type { Attribute, FunctionProto, ModelProto, NodeProto } from "./_proto.ts";
import { Fields } from "./_wire.ts";

/**
 * Reads a model.
 *
 * @throws Error with a reason that follows "Cannot load the model: NAME cannot be read:"
 */
export function parseModel(bytes: Uint8Array<ArrayBuffer>): ModelProto {
  const budget: Budget = { nodes: 0, tensors: 0, depth: 0 };
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

function parseFunction(bytes: Uint8Array<ArrayBuffer>, budget: Budget): FunctionProto {
  budget.nodes += countFields(bytes, 7);
  holdTo("operations", budget.nodes, MAX_NODES);
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
        addAttribute(defaults, fields.bytes(), budget);
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
