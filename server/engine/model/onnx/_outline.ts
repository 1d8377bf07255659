/** Which operations a model's output needs, in an order in which each follows what it reads. */
import type { Attribute, FunctionProto, ModelProto, NodeProto } from "./_proto.ts";

/** Operations that the local functions of a model may make together. */
const MAX_INLINED = 20_000;
const MAX_DEPTH = 16;

/** Operations, local functions written out. */
export function inlined({ nodes, functions }: ModelProto): readonly NodeProto[] {
  if (functions.length === 0) return nodes;
  const byName = new Map(functions.map((made) => [`${made.domain} ${made.name}`, made]));
  const result: NodeProto[] = [];
  let calls = 0;
  const visit = (node: NodeProto, depth: number) => {
    const called = byName.get(`${node.domain} ${node.op}`);
    if (called === undefined) {
      if (result.push(node) > MAX_INLINED) {
        throw new Error(`its functions make more than ${MAX_INLINED.toLocaleString("en")} operations`);
      }
      return;
    }
    if (depth >= MAX_DEPTH) throw new Error(`its functions call each other more than ${MAX_DEPTH} deep`);
    const prefix = `${node.name === "" ? node.outputs[0] ?? "" : node.name}#${calls++}/`;
    for (const inner of called.nodes) visit(written(inner, node, called, prefix), depth + 1);
  };
  nodes.forEach((node) => visit(node, 0));
  return result;
}

/** An operation of a function with the call's names and settings in place of its own. */
function written(inner: NodeProto, call: NodeProto, called: FunctionProto, prefix: string): NodeProto {
  const names = new Map<string, string>();
  called.inputs.forEach((name, at) => names.set(name, call.inputs[at] ?? ""));
  called.outputs.forEach((name, at) => names.set(name, call.outputs[at] ?? `${prefix}${name}`));
  const rename = (name: string) => name === "" ? "" : names.get(name) ?? `${prefix}${name}`;
  const attributes = new Map<string, Attribute>();
  for (const [name, attribute] of inner.attributes) {
    const from = attribute.reference;
    const value = from === null ? attribute : call.attributes.get(from) ?? called.defaults.get(from);
    if (value !== undefined) attributes.set(name, value);
  }
  return {
    ...inner,
    attributes,
    inputs: inner.inputs.map(rename),
    captures: inner.captures.map(rename),
    outputs: inner.outputs.map(rename),
    scopes: inner.scopes.length > 0 ? inner.scopes : call.scopes,
    name: inner.name === "" ? "" : `${prefix}${inner.name}`,
  };
}

/** Operations that an output needs, each behind those whose outputs it reads. */
export function needed(nodes: readonly NodeProto[], output: string): readonly NodeProto[] {
  const makers = new Map<string, NodeProto>();
  for (const node of nodes) {
    for (const name of node.outputs) if (name !== "") makers.set(name, node);
  }
  const sorted: NodeProto[] = [];
  const state = new Map<NodeProto, "open" | "done">();
  const root = makers.get(output);
  const stack = root === undefined ? [] : [root];
  while (stack.length > 0) {
    const node = stack.at(-1) as NodeProto;
    const before = state.get(node);
    if (before === undefined) {
      state.set(node, "open");
      for (const name of [...readBy(node)].reverse()) {
        const maker = makers.get(name);
        if (maker === undefined) continue;
        if (state.get(maker) === "open") {
          throw new Error("its operations form a circle; export it again without that connection");
        }
        if (!state.has(maker)) stack.push(maker);
      }
      continue;
    }
    stack.pop();
    if (before === "open") {
      state.set(node, "done");
      sorted.push(node);
    }
  }
  // The order of the file is that of the exporter's layers: kept where it is in order.
  const place = new Map(nodes.map((node, at) => [node, at]));
  const at = (node: NodeProto | undefined) => node === undefined ? -1 : place.get(node) ?? -1;
  const inOrder = sorted.every((node) => readBy(node).every((name) => at(makers.get(name)) < at(node)));
  return inOrder ? sorted.sort((a, b) => at(a) - at(b)) : sorted;
}

/** Names of the values that an operation needs, those that graphs inside it read among them. */
function readBy({ inputs, captures }: NodeProto): readonly string[] {
  return [...inputs, ...captures];
}
