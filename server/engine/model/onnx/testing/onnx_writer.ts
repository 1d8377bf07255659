/** Writes ONNX as tests need it: a few operations, a few numbers. */

/** One setting of an operation. */
export type WrittenAttribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }
  | { readonly text: string }
  | { readonly graph: WrittenBranch };

/** A graph inside an operation. */
export interface WrittenBranch {
  readonly nodes: readonly WrittenNode[];
  readonly tensors?: Readonly<Record<string, WrittenTensor>>;
  readonly outputs: readonly WrittenValue[];
}

export interface WrittenNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly name?: string;
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, WrittenAttribute>>;
}

export interface WrittenTensor {
  readonly dims: readonly number[];
  /** Whole numbers where they are bigints; none: as if the file had forgotten them. */
  readonly values?: readonly number[] | readonly bigint[];
  /** Place in another file. */
  readonly external?: Readonly<Record<string, string>>;
}

export interface WrittenValue {
  readonly name: string;
  readonly dims: readonly (number | string)[];
}

export interface WrittenModel {
  readonly nodes: readonly WrittenNode[];
  readonly tensors?: Readonly<Record<string, WrittenTensor>>;
  readonly inputs?: readonly WrittenValue[];
  readonly outputs?: readonly WrittenValue[];
  readonly producer?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly functions?: readonly WrittenFunction[];
}

export interface WrittenFunction {
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: readonly WrittenNode[];
}

type Bytes = Uint8Array<ArrayBuffer>;

/** The bytes of a model. */
export function onnxBytes(model: WrittenModel): Bytes {
  const { inputs = [{ name: "x", dims: [1, 3, 8, 8] }], outputs = [{ name: "y", dims: [1, 3] }] } = model;
  const graph = joined([
    graphBytes({ ...model, outputs }),
    ...inputs.map((value) => field(11, valueBytes(value))),
  ]);
  return joined([
    number(1, 10),
    field(2, text(model.producer ?? "pytorch")),
    field(7, graph),
    field(8, number(2, 18)),
    ...Object.entries(model.metadata ?? {}).map(([key, value]) => field(14, entry(key, value))),
    ...(model.functions ?? []).map((made) => field(25, functionBytes(made))),
  ]);
}

/** A network of a convolution and a mean over rows and columns, which gives three logits. */
export function smallModel(changes: Partial<WrittenModel> = {}): WrittenModel {
  return {
    nodes: [
      { op: "Conv", inputs: ["x", "conv.weight"], outputs: ["c"], name: "/conv/Conv" },
      { op: "GlobalAveragePool", inputs: ["c"], outputs: ["p"], name: "/pool/GlobalAveragePool" },
      { op: "Flatten", inputs: ["p"], outputs: ["y"], name: "/Flatten" },
    ],
    tensors: { "conv.weight": { dims: [3, 3, 1, 1], values: [1, 2, 3, 4, 5, 6, 7, 8, 9] } },
    ...changes,
  };
}

function nodeBytes({ op, inputs, outputs, name = "", domain = "", attributes = {} }: WrittenNode): Bytes {
  return joined([
    ...inputs.map((input) => field(1, text(input))),
    ...outputs.map((output) => field(2, text(output))),
    field(3, text(name)),
    field(4, text(op)),
    ...Object.entries(attributes).map(([key, value]) => field(5, attributeBytes(key, value))),
    ...(domain === "" ? [] : [field(7, text(domain))]),
  ]);
}

function attributeBytes(name: string, value: WrittenAttribute): Bytes {
  const written = "int" in value
    ? [number(3, value.int)]
    : "float" in value
    ? [joined([varint(2 * 8 + 5), new Uint8Array(new Float32Array([value.float]).buffer)])]
    : "ints" in value
    ? value.ints.map((each) => number(8, each))
    : "text" in value
    ? [field(4, text(value.text))]
    : [field(6, graphBytes(value.graph))];
  return joined([field(1, text(name)), ...written]);
}

function graphBytes({ nodes, tensors = {}, outputs }: WrittenBranch): Bytes {
  return joined([
    ...nodes.map((node) => field(1, nodeBytes(node))),
    field(2, text("graph")),
    ...Object.entries(tensors).map(([name, tensor]) => field(5, tensorBytes(name, tensor))),
    ...outputs.map((value) => field(12, valueBytes(value))),
  ]);
}

function tensorBytes(name: string, { dims, values, external }: WrittenTensor): Bytes {
  const whole = typeof values?.[0] === "bigint";
  const raw = values === undefined
    ? null
    : whole
    ? new BigInt64Array(values as readonly bigint[])
    : new Float32Array(values as readonly number[]);
  return joined([
    ...dims.map((side) => number(1, side)),
    number(2, whole ? 7 : 1),
    field(8, text(name)),
    ...(raw === null ? [] : [field(9, new Uint8Array(raw.buffer))]),
    ...Object.entries(external ?? {}).map(([key, value]) => field(13, entry(key, value))),
    ...(external === undefined ? [] : [number(14, 1)]),
  ]);
}

function valueBytes({ name, dims }: WrittenValue): Bytes {
  const shape = joined(
    dims.map((side) => field(1, typeof side === "number" ? number(1, side) : field(2, text(side)))),
  );
  return joined([field(1, text(name)), field(2, field(1, joined([number(1, 1), field(2, shape)])))]);
}

function functionBytes({ domain, name, inputs, outputs, nodes }: WrittenFunction): Bytes {
  return joined([
    field(1, text(name)),
    ...inputs.map((input) => field(4, text(input))),
    ...outputs.map((output) => field(5, text(output))),
    ...nodes.map((node) => field(7, nodeBytes(node))),
    field(10, text(domain)),
  ]);
}

function entry(key: string, value: string): Bytes {
  return joined([field(1, text(key)), field(2, text(value))]);
}

function field(index: number, value: Bytes): Bytes {
  return joined([varint(index * 8 + 2), varint(value.length), value]);
}

function number(index: number, value: number): Bytes {
  return joined([varint(index * 8), varint(value)]);
}

function varint(value: number): Bytes {
  let left = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    bytes.push(Number(left & 0x7fn) | (left > 0x7fn ? 0x80 : 0));
    left >>= 7n;
  } while (left > 0n);
  return Uint8Array.from(bytes);
}

function text(value: string): Bytes {
  return new TextEncoder().encode(value);
}

function joined(parts: readonly Bytes[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
