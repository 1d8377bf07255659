/**
 * What computing takes of the WebAssembly memory, worked out from the graph alone: the very plans that the engine runs
 * are followed, value by value. What a kernel needs for itself is taken as large as it can be.
 */
import { gateBytes } from "../native/gates.ts";
import { groupPanelLength, mergeGroups } from "../native/groups.ts";
import { packedLength } from "../native/native.ts";
import { PATCH_BUFFER_BYTES } from "../native/calls.ts";
import type { Weight } from "../model/weights.ts";
import { type Graph, isPointwise, type Node, type Shape } from "./graph.ts";
import { hasPositions } from "./native_needs.ts";
import type { Outline } from "./outline.ts";
import { keepingOf } from "./record.ts";
import type { Way } from "./recording.ts";
import { size } from "./shapes.ts";
import { narrow } from "./vjp/conv.ts";

/** Bytes for so many inputs at a time: `fixed + inputs·perInput`. */
export interface Footprint {
  readonly fixed: number;
  readonly perInput: number;
}

/** One backward pass through a recording. */
export interface PullEnds {
  readonly from: string;
  readonly to: readonly string[];
}

const FLOAT_BYTES = 4;

/** What an allocation takes beside its numbers. */
const OVERHEAD_BYTES = 64;

/** What of the machine decides what computing takes. */
export interface FootprintOptions {
  /** Whether there are kernels of Gradcast's own. */
  readonly native: boolean;
}

/** What a forward pass takes in which some nodes are kept until its end. */
export function forwardFootprint(
  outline: Outline,
  keep: readonly string[],
  options: FootprintOptions,
): Footprint {
  const kept = new Set(keep.map((name) => outline.place(name)));
  const { peak } = passThrough(outline, { kept, gated: new Set() }, options);
  return { fixed: patchBytes(outline.graph), perInput: peak };
}

/** What a recording takes, and backward passes through it, one after the other. */
export function recordFootprint(
  outline: Outline,
  way: Way,
  pulls: readonly PullEnds[],
  options: FootprintOptions,
): Footprint {
  const { peak, end } = passThrough(outline, keepingOf(outline, way, options.native), options);
  const peaks = pulls.map((pull) => end + pullPeak(outline, pull, options));
  return { fixed: patchBytes(outline.graph), perInput: Math.max(peak, ...peaks) };
}

/** Bytes of every value of one input. */
export function allValueBytes({ nodes }: Graph): number {
  return nodes.reduce((sum, { shape }) => sum + bytesOf(shape), 0);
}

/**
 * Bytes of a graph's constants in all the forms that the kernels want them in, forwards and backwards.
 *
 * @param shared weights that do not count
 */
export function constantBytes(
  graph: Graph,
  options: FootprintOptions,
  shared: ReadonlySet<Weight> = new Set(),
): number {
  const known = new Set(shared);
  let bytes = 0;
  for (const node of graph.nodes) {
    for (const weight of Object.values(node.weights)) {
      if (!known.has(weight)) bytes += formBytes(node, weight, options);
      known.add(weight);
    }
  }
  return bytes;
}

/** Bytes of one node's weight in all its forms. */
export function formBytes(node: Node, { shape }: Weight, { native }: FootprintOptions): number {
  const raw = bytesOf(shape);
  if (shape.length < 2) return 2 * raw;
  switch (node.kind) {
    case "conv": {
      if (node.attrs.groups > 1) return 2 * raw + FLOAT_BYTES * groupedLengths(shape, node.attrs.groups);
      const [height = 1, width = 1, from = 1, to = 1] = shape;
      const area = height * width;
      const packed = packedLength(area * from, to) +
        Math.max(packedLength(to, area * from), packedLength(area * to, from));
      return 2 * raw + FLOAT_BYTES * packed;
    }
    case "dense": {
      const [from = 1, to = 1] = shape;
      if (!native) return 2 * raw;
      return hasPositions(node) ? raw + FLOAT_BYTES * (packedLength(from, to) + packedLength(to, from)) : raw;
    }
    default:
      return 2 * raw;
  }
}

/** Numbers of a kernel's panels, forwards and back. */
function groupedLengths(shape: Shape, groups: number): number {
  const [height = 1, width = 1, seen = 1, filters = 1] = shape;
  const turned = [height, width, filters / groups, seen * groups];
  return [shape, turned].reduce((sum, kernel) => {
    const merged = mergeGroups(kernel, groups);
    return sum + merged.count * groupPanelLength(kernel, merged);
  }, 0);
}

interface Live {
  /** Most bytes that were alive at once. */
  readonly peak: number;
  /** Bytes that are alive at the end. */
  readonly end: number;
}

/** Follows a forward pass of one input. */
function passThrough(
  outline: Outline,
  { kept, gated }: ReturnType<typeof keepingOf>,
  options: FootprintOptions,
): Live {
  const at = (place: number) => bytesOf(outline.at(place).shape);
  let live = at(outline.input);
  let peak = live;
  for (const { place, frees } of outline.plan(kept)) {
    live += at(place);
    peak = Math.max(peak, live + scratchForwards(outline, place, options));
    for (const dead of frees) live -= at(dead);
    if (gated.has(place)) live += gateBytes(size(outline.at(place).shape)) + OVERHEAD_BYTES;
    peak = Math.max(peak, live);
  }
  return { peak, end: live };
}

/** Most bytes that one backward pass has alive at once, the recording's left out. */
function pullPeak(outline: Outline, { from, to }: PullEnds, options: FootprintOptions): number {
  const at = (place: number) => bytesOf(outline.at(place).shape);
  const source = outline.place(from);
  const targets = new Set(to.map((name) => outline.place(name)));
  const onWay = outline.between([...targets], [source]);
  const gradients = new Map([[source, at(source)]]);
  let live = 2 * at(source);
  let peak = live;
  for (let place = outline.nodes.length - 1; place >= 0; place--) {
    const own = gradients.get(place);
    if (own === undefined) continue;
    const wanted = outline.at(place).feeds.filter((feed) => onWay.has(feed));
    let scratch = wanted.length === 0 ? 0 : scratchBackwards(outline, place, options);
    for (const feed of wanted) {
      // Two gradients of one value are added up in a third.
      if (gradients.has(feed)) scratch += 2 * at(feed);
      else {
        gradients.set(feed, at(feed));
        live += at(feed);
      }
    }
    peak = Math.max(peak, live + scratch);
    if (!targets.has(place)) live -= own;
  }
  const unreached = [...targets].filter((place) => !gradients.has(place));
  return Math.max(peak, live + unreached.reduce((sum, place) => sum + at(place), 0));
}

/** What a node's kernels take beside the values that they read and write, for one input. */
function scratchForwards(outline: Outline, place: number, { native }: FootprintOptions): number {
  const node = nodeAt(outline, place);
  const bytes = bytesOf(node.shape);
  if (isPointwise(node)) return node.kind === "identity" ? 0 : bytes;
  switch (node.kind) {
    case "conv":
      // The channels of one product are cut out of all of them.
      if (node.attrs.groups > 1) return Math.max(bytes, fedBytes(outline, place));
      return native && node.attrs.dilations.every((dilation) => dilation === 1) ? 0 : bytes;
    case "depthwise":
      return native && node.attrs.dilations.every((dilation) => dilation === 1) ? 0 : bytes;
    case "input":
    case "max-pool":
    case "average-pool":
    case "global-average-pool":
    case "global-max-pool":
    case "flatten":
    case "reshape":
    case "pad":
    case "spread":
    case "upsample":
    case "resize":
    case "layer-norm":
    case "group-norm":
    case "local-norm":
    case "transpose":
    case "slice":
    case "gather":
    case "reduce":
    case "constant":
      return 0;
    case "dense":
    case "softmax":
    case "add":
    case "multiply":
    case "subtract":
    case "divide":
    case "concat":
      return bytes;
    case "matmul":
      return productBytes(outline, place);
    default:
      throw new Error(`Cannot tell what a node takes: expected a known kind, got ${node satisfies never}`);
  }
}

/** The same of a backward pass through the node. */
function scratchBackwards(outline: Outline, place: number, { native }: FootprintOptions): number {
  const node = nodeAt(outline, place);
  const own = bytesOf(node.shape);
  const from = fedBytes(outline, place);
  if (node.kind === "conv" && node.attrs.groups > 1) {
    const [down, across] = node.attrs.strides;
    return own * (1 + 2 * down * across) + from;
  }
  if (node.kind === "conv") {
    const [height = 1, width = 1, channels = 1] = node.weights.kernel.shape;
    const [high = 1, wide = 1] = node.shape;
    const columns = narrow(node.weights.kernel.shape, node.attrs.strides)
      ? FLOAT_BYTES * high * wide * height * width * channels
      : 0;
    return own + columns + from;
  }
  if (node.kind === "depthwise" && !native) return own + 3 * from;
  // Products and shares of the gradient, before they are summed up over what was stretched.
  if (node.kind === "matmul") return own + 2 * from + productBytes(outline, place);
  if (node.kind === "divide") return 3 * own + 2 * from;
  return own + from;
}

/** Bytes of the values that feed a node. */
function fedBytes(outline: Outline, place: number): number {
  return outline.at(place).feeds.reduce((sum, feed) => sum + bytesOf(outline.at(feed).shape), 0);
}

/** Bytes of one matrix turned over and of the panels of another one, whichever of the product's they are. */
function productBytes(outline: Outline, place: number): number {
  const { shape, feeds } = outline.at(place);
  const matrices = [shape, ...feeds.map((feed) => outline.at(feed).shape)].map((one) => one.slice(-2));
  const largest = Math.max(...matrices.map(size));
  const panels = Math.max(
    ...matrices.flatMap((
      [rows = 1, columns = 1],
    ) => [packedLength(rows, columns), packedLength(columns, rows)]),
  );
  return FLOAT_BYTES * (largest + panels) + 2 * OVERHEAD_BYTES;
}

/** Bytes of the patches that a convolution is computed in, and of one more row of them. */
function patchBytes({ nodes }: Graph): number {
  const rows = nodes.map((node) => {
    if (node.kind !== "conv") return 0;
    const [height = 1, width = 1, from = 1, to = 1] = node.weights.kernel.shape;
    const [, wide = 1] = node.shape;
    return FLOAT_BYTES * height * width * Math.max(from, to) * wide * Math.max(...node.attrs.strides);
  });
  return PATCH_BUFFER_BYTES + Math.max(0, ...rows);
}

function nodeAt({ graph }: Outline, place: number): Node {
  const node = graph.nodes[place];
  if (node !== undefined) return node;
  throw new RangeError(`Cannot find the node: expected a place in the graph, got ${place}`);
}

function bytesOf(shape: Shape): number {
  return FLOAT_BYTES * size(shape) + OVERHEAD_BYTES;
}
