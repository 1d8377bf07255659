/** Reads nodes and their attributes out of their bytes. */
import { addEntry, tooMany } from "./_entries.ts";
import { parseTensor } from "./_parse_tensor.ts";
import type { Attribute, NodeProto, TensorProto } from "./_proto.ts";
import { Fields, MAX_LIST } from "./_wire.ts";

/** Nodes that a graph may have: EfficientNet-B7 has 1,000, what PyTorch writes of a large ViT 3,000. */
export const MAX_NODES = 20_000;
/** Names that a node may read or write. */
export const MAX_NAMES = 4096;

export interface Budget {
  nodes: number;
  tensors: number;
}

export function parseNode(bytes: Uint8Array<ArrayBuffer>, budget: Budget): NodeProto {
  if (--budget.nodes < 0) throw tooMany("operations", MAX_NODES);
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
        addAttribute(attributes, fields.bytes());
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
    if (inputs.length + outputs.length > MAX_NAMES) throw tooMany("inputs of one operation", MAX_NAMES);
  }
  const standard = domain === "ai.onnx" ? "" : domain;
  return {
    op,
    domain: standard,
    name,
    inputs,
    outputs,
    attributes,
    scopes: parseScopes(metadata.get(SCOPES)),
  };
}

/** Metadata of a node in which PyTorch's exporter writes the path of its module. */
const SCOPES = "pkg.torch.onnx.name_scopes";

/** Python's list of strings: `['', 'layer1', 'layer1.0']`. */
function parseScopes(written: string | undefined): readonly string[] {
  if (written === undefined || written.length > 4096) return [];
  return [...written.matchAll(/'([^']*)'/gu)].map(([, scope = ""]) => scope).filter((scope) => scope !== "");
}

export function addAttribute(to: Map<string, Attribute>, bytes: Uint8Array<ArrayBuffer>): void {
  let name = "";
  let [f, i]: [number | null, number | null] = [null, null];
  let [s, reference]: [string | null, string | null] = [null, null];
  let t: TensorProto | null = null;
  let graph = false;
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
      case 11:
        graph = true;
        fields.skip();
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
  to.set(name, { f, i, s, t, graph, floats, ints, reference });
}
