/** Names of layers: the module's path where the exporter wrote it. */
import type { NodeProto } from "./_proto.ts";

/** Longest name of a layer. */
const MAX_NAME = 200;

/** Operations that leave no node of their own. */
const MOVES: ReadonlySet<string> = new Set([
  "Reshape",
  "Transpose",
  "Flatten",
  "Squeeze",
  "Unsqueeze",
  "Identity",
  "Dropout",
  "Cast",
  "Constant",
  "Shape",
]);

/** Where an operation stands. */
interface Place {
  /** Path of the module, "" for the model itself. */
  readonly module: string;
  /** The same for operations of one call of the module; "" where the exporter does not say which they are. */
  readonly call: string;
  /** What the operation is called inside its module. */
  readonly own: string;
}

/**
 * Names each operation. The last one of a module without modules inside carries the module's name, those before it are
 * steps of it (`attn.qkv:matmul`); what a module that holds others computes by itself is named below it (`layer1.0.add`).
 */
export function layerNames(nodes: readonly NodeProto[]): readonly string[] {
  const places = withRuns(nodes.map(placeOf));
  const containers = new Set(places.flatMap(({ module }) => outer(module)));
  const last = new Map<string, number>();
  nodes.forEach(({ op }, at) => {
    const { call } = places[at] as Place;
    if (!MOVES.has(op) || !last.has(call)) last.set(call, at);
  });
  const calls = new Map<string, Map<string, number>>();
  return nodes.map((_, at) => {
    const { module, call, own } = places[at] as Place;
    if (module === "") return own;
    if (containers.has(module)) return `${module}.${own}`;
    const known = calls.get(module) ?? new Map<string, number>();
    calls.set(module, known);
    const number = known.get(call) ?? known.size;
    known.set(call, number);
    const name = number === 0 ? module : `${module}_${number}`;
    return last.get(call) === at ? name : `${name}:${own}`;
  });
}

/** A module that the new exporter names is called once more where others come in between. */
function withRuns(places: readonly Place[]): readonly Place[] {
  let run = 0;
  return places.map((place, at) => {
    if (places[at - 1]?.module !== place.module) run++;
    return place.call === "" ? { ...place, call: `${place.module}|${run}` } : place;
  });
}

function outer(module: string): readonly string[] {
  const parts = module.split(".");
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join("."));
}

function placeOf(node: NodeProto): Place {
  const own = snake(node.op);
  const ofWeight = weightModule(node);
  if (node.scopes.length > 0) {
    const inner = node.scopes.at(-1) as string;
    const module = ofWeight ?? tidy(node.scopes.at(-2) ?? "");
    return { module, call: "", own: tidy(inner) };
  }
  if (node.name.includes("/")) {
    const parts = node.name.split("/").filter((part) => part !== "" && part !== "StatefulPartitionedCall");
    const module = ofWeight ?? tidy(parts.slice(0, -1).reduce(joinPath, ""));
    return { module, call: module, own: snake(tidy(parts.at(-1) ?? own)) };
  }
  if (ofWeight !== null) return { module: ofWeight, call: `${ofWeight}|${node.name}`, own };
  const name = tidy(node.name === "" ? node.outputs[0] ?? "" : node.name);
  return { module: "", call: name, own: name === "" ? own : name };
}

/** PyTorch's old exporter repeats the path of a list in its members: `layer1/layer1.0`. */
function joinPath(path: string, part: string): string {
  if (path === "" || part.startsWith(`${path}.`)) return part;
  const last = path.slice(path.lastIndexOf(".") + 1);
  if (part.startsWith(`${last}.`)) return `${path.slice(0, path.length - last.length)}${part}`;
  return `${path}.${part}`;
}

/** Module of a layer whose weights carry its name: `layer1.0.conv1.weight`. */
function weightModule({ op, inputs }: NodeProto): string | null {
  if (!["Conv", "ConvTranspose", "Gemm"].includes(op)) return null;
  const name = inputs[1] ?? "";
  return name.endsWith(".weight") && !name.includes("::") ? tidy(name.slice(0, -".weight".length)) : null;
}

function snake(op: string): string {
  return tidy(op).replaceAll(/([a-z0-9])([A-Z])/gu, "$1_$2").toLowerCase();
}

/** Leaves letters, digits and a few signs: a colon stands for a step inside a layer, others could be markup. */
export function tidy(name: string): string {
  return name.slice(0, MAX_NAME).replaceAll(/[^\p{L}\p{N}_.\-/+ ]/gu, "_").trim();
}
