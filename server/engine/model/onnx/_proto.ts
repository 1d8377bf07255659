/** ONNX messages as far as they are needed, read out of their bytes. */
import { Fields } from "./_wire.ts";

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
  readonly graph: boolean;
  readonly floats: readonly number[];
  readonly ints: readonly number[];
  /** In a function: the attribute of the call that it stands for. */
  readonly reference: string | null;
}

export interface NodeProto {
  readonly op: string;
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
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

/** Nodes that a graph may have: EfficientNet-B7 has 1,000, what PyTorch writes of a large ViT 3,000. */
const MAX_NODES = 20_000;
const MAX_TENSORS = 20_000;
/** Names that a node may read or write. */
const MAX_NAMES = 4096;
const MAX_LIST = 2 ** 20;
const MAX_SIDES = 16;

interface Budget {
  nodes: number;
  tensors: number;
}

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

function parseNode(bytes: Uint8Array<ArrayBuffer>, budget: Budget): NodeProto {
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

function addAttribute(to: Map<string, Attribute>, bytes: Uint8Array<ArrayBuffer>): void {
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

function parseTensor(bytes: Uint8Array<ArrayBuffer>): TensorProto {
  const dims: number[] = [];
  const integers: number[] = [];
  const [floats, doubles]: [Uint8Array<ArrayBuffer>[], Uint8Array<ArrayBuffer>[]] = [[], []];
  const place = new Map<string, string>();
  let name = "";
  let type = 0;
  let raw: Uint8Array<ArrayBuffer> | null = null;
  let outside = false;
  const fields = new Fields(bytes);
  while (fields.next()) {
    switch (fields.field) {
      case 1:
        fields.integers(dims, MAX_SIDES);
        break;
      case 2:
        type = fields.integer();
        break;
      case 4:
        if (fields.packed) floats.push(fields.bytes());
        else floats.push(new Uint8Array(new Float32Array([fields.float()]).buffer));
        break;
      case 5:
      case 7:
      case 11:
        // A list longer than this is not shape arithmetic; PyTorch and tf2onnx write such ones as raw bytes.
        fields.integers(integers, MAX_LIST);
        break;
      case 8:
        name = fields.text();
        break;
      case 9:
        raw = fields.bytes();
        break;
      case 10:
        if (fields.packed) doubles.push(fields.bytes());
        else fields.skip();
        break;
      case 13:
        addEntry(place, fields.bytes());
        break;
      case 14:
        outside = fields.integer() === 1;
        break;
      default:
        fields.skip();
    }
  }
  return {
    name,
    dims,
    type,
    raw,
    floats,
    doubles,
    integers,
    external: outside ? parseExternal(name, place) : null,
  };
}

function parseExternal(name: string, place: ReadonlyMap<string, string>): External {
  const number = (text: string | undefined, otherwise: number) => {
    const value = text === undefined ? otherwise : Number(text);
    if (Number.isSafeInteger(value) && value >= 0) return value;
    throw new Error(`tensor ${name.slice(0, 200)} gives a place in another file that is no number`);
  };
  const length = place.get("length");
  return {
    location: place.get("location") ?? "",
    offset: number(place.get("offset"), 0),
    length: length === undefined ? null : number(length, 0),
  };
}

function parseValueInfo(bytes: Uint8Array<ArrayBuffer>): ValueInfo {
  let name = "";
  let type = 0;
  let dims: readonly (number | string)[] | null = null;
  const fields = new Fields(bytes);
  while (fields.next()) {
    if (fields.field === 1) name = fields.text();
    else if (fields.field === 2) {
      const kinds = new Fields(fields.bytes());
      while (kinds.next()) {
        if (kinds.field !== 1) {
          kinds.skip();
          continue;
        }
        const tensor = new Fields(kinds.bytes());
        while (tensor.next()) {
          if (tensor.field === 1) type = tensor.integer();
          else if (tensor.field === 2) dims = parseShape(tensor.bytes());
          else tensor.skip();
        }
      }
    } else fields.skip();
  }
  return { name, type, dims };
}

function parseShape(bytes: Uint8Array<ArrayBuffer>): readonly (number | string)[] {
  const dims: (number | string)[] = [];
  const fields = new Fields(bytes);
  while (fields.next()) {
    if (fields.field !== 1) {
      fields.skip();
      continue;
    }
    let side: number | string = "any";
    const parts = new Fields(fields.bytes());
    while (parts.next()) {
      if (parts.field === 1) side = parts.integer();
      else if (parts.field === 2) side = parts.text();
      else parts.skip();
    }
    dims.push(side);
    if (dims.length > MAX_SIDES) throw tooMany("sides of one value", MAX_SIDES);
  }
  return dims;
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

/** Adds an entry of a list of keys and values; of one key alone where it is given. */
function addEntry(to: Map<string, string>, bytes: Uint8Array<ArrayBuffer>, only?: string): void {
  let key = "";
  let value: Uint8Array<ArrayBuffer> | null = null;
  const fields = new Fields(bytes);
  while (fields.next()) {
    if (fields.field === 1) key = fields.text();
    else if (fields.field === 2) value = fields.bytes();
    else fields.skip();
  }
  if (only === undefined || key === only) to.set(key, value === null ? "" : new TextDecoder().decode(value));
}

function tooMany(what: string, most: number): Error {
  return new Error(`it may have ${most.toLocaleString("en")} ${what}, and it has more`);
}
