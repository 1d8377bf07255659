/**
 * Which part of each value of a network can change when only a window of the input does.
 *
 * A window that is hidden changes a rectangle of every value, which grows from layer to layer by what the layers' own
 * windows reach. As long as it is much smaller than the value, the layer has to be computed there alone: around it
 * everything is as it was for the unchanged input. The numbers are the same either way.
 */
import type { NativeCalls } from "../native/calls.ts";
import { PATCH_PIXELS } from "../native/depthwise_patch.ts";
import type { Weight } from "../model/weights.ts";
import { isPointwise, type Node, type Shape } from "./graph.ts";
import { type PassStep, present, type Program } from "./program.ts";
import { axes, type Axis } from "./vjp/window.ts";

/** A layer is computed in parts where these are at most this share of it; beyond, cutting out costs what it saves. */
const LARGEST_SHARE = 0.6;

/** Neighbouring cells, `first` to `end - 1`. */
interface Span {
  readonly first: number;
  readonly end: number;
}

/** Where a node's part lies along an axis. */
export interface Extent {
  /** Cells, the same for every window. */
  readonly size: number;
  /** First cell, by the first pixel of the window. */
  readonly starts: readonly number[];
  /** Cells that a window can change, by its first pixel. */
  readonly changed: readonly Span[];
}

/** Where a node's part lies, rows and columns. */
export type Part = readonly [Extent, Extent];

/** How a node's part is computed from those that feed it. */
export type Reach =
  /** Each cell from the same cell of what feeds it. */
  | { readonly kind: "cell" }
  /** Each cell from a window of the one that feeds it. */
  | { readonly kind: "window"; readonly axes: readonly [Axis, Axis] };

/** What is computed in which way. */
export interface RegionPlan {
  readonly steps: readonly PassStep[];
  /** By place; null where the node is computed whole. */
  readonly parts: readonly (Part | null)[];
  readonly reaches: readonly (Reach | null)[];
  /** Places whose values for the unchanged input are read, around the parts. */
  readonly reads: readonly number[];
}

/**
 * Plans a forward pass of inputs that differ from a known one in a window each.
 *
 * @param window its height and width in pixels
 * @param keep places that are read afterwards
 * @returns null where nothing can be computed in parts, or where what is read afterwards is one of them
 */
export function planRegions(
  program: Program,
  native: NativeCalls,
  window: readonly [number, number],
  keep: ReadonlySet<number>,
): RegionPlan | null {
  const { graph, input } = program;
  const steps = program.plan(keep);
  const parts: (Part | null)[] = program.nodes.map(() => null);
  const reaches: (Reach | null)[] = program.nodes.map(() => null);
  const reads = new Set<number>();
  const [height = 0, width = 0] = program.at(input).shape;
  if (window[0] > height || window[1] > width) return null;
  parts[input] = [extentOfWindow(height, window[0]), extentOfWindow(width, window[1])];
  for (const { place } of steps) {
    const node = present(graph.nodes[place]);
    const { feeds } = program.at(place);
    const reach = reachOf(node, feeds.map((feed) => program.at(feed).shape), native);
    const part = reach === null ? null : partOf(reach, feeds.map((feed) => parts[feed] ?? null), node.shape);
    parts[place] = part;
    reaches[place] = reach;
    for (const feed of feeds) {
      const from = parts[feed] ?? null;
      const whole = from !== null && part === null;
      const wider = from !== null && part !== null && (reach?.kind === "window" || !same(from, part));
      if (whole || wider) reads.add(feed);
    }
  }
  const anything = steps.some(({ place }) => parts[place] !== null);
  return anything && [...keep].every((place) => parts[place] === null)
    ? { steps, parts, reaches, reads: [...reads] }
    : null;
}

/** Reports whether two parts are the same cells for every window. */
export function same(a: Part, b: Part): boolean {
  return a.every(({ size, starts }, axis) => {
    const other = b[axis];
    return size === other?.size && starts.every((start, at) => start === other.starts[at]);
  });
}

function reachOf(node: Node, inputs: readonly Shape[], native: NativeCalls): Reach | null {
  if (isPointwise(node)) {
    // A weight for each position would have to be cut like the value.
    const isShared = Object.values<Weight>(node.weights).every(({ shape }) => shape.length < 2);
    return node.shape.length === 3 && isShared ? { kind: "cell" } : null;
  }
  switch (node.kind) {
    case "conv":
    case "depthwise": {
      const { attrs, weights: { kernel: { shape } } } = node;
      const [height = 1, width = 1] = shape;
      const [high, wide] = inputs[0] ?? [];
      const keepsSides = high === node.shape[0] && wide === node.shape[1];
      const strided = attrs.strides.some((stride) => stride !== 1);
      if (node.kind === "conv" && height === 1 && width === 1 && !strided && keepsSides) {
        return { kind: "cell" };
      }
      const groups = node.kind === "conv" ? node.attrs.groups : 1;
      if (!native.knowsPart({ ...attrs, kind: node.kind, shape, groups })) return null;
      const window = { ...attrs, size: [height, width] } as const;
      return { kind: "window", axes: axes([1, ...(inputs[0] ?? [])], [1, ...node.shape], window) };
    }
    case "layer-norm":
    case "local-norm":
    case "dense":
      return node.shape.length === 3 ? { kind: "cell" } : null;
    case "add":
      return inputs.every((shape) => shape.join() === node.shape.join()) ? { kind: "cell" } : null;
    // A value that moves along a side, or that every position decides, changes everywhere.
    case "input":
    case "constant":
    case "softmax":
    case "multiply":
    case "subtract":
    case "divide":
    case "matmul":
    case "group-norm":
    case "transpose":
    case "slice":
    case "gather":
    case "reduce":
    case "concat":
    case "pad":
    case "spread":
    case "max-pool":
    case "average-pool":
    case "global-average-pool":
    case "global-max-pool":
    case "upsample":
    case "resize":
    case "flatten":
    case "reshape":
      return null;
    default:
      throw new Error(`Cannot plan the node: its kind ${node satisfies never} is unknown`);
  }
}

/** The part of a node, or null where it is not worth it. */
function partOf(reach: Reach, feeds: readonly (Part | null)[], [high = 1, wide = 1]: Shape): Part | null {
  if (feeds.some((feed) => feed === null)) return null;
  const along = (axis: 0 | 1, cells: number): Extent => {
    const spans = feeds.map((feed) => present(feed?.[axis]).changed);
    return extentOf(
      cells,
      present(spans[0]).map((_, at) => {
        const each = spans.map((changed) => present(changed[at]));
        return reach.kind === "cell" ? hull(each) : seenBy(reach.axes[axis], hull(each));
      }),
    );
  };
  const part = [along(0, high), along(1, wide)] as const;
  return part[0].size * part[1].size <= LARGEST_SHARE * high * wide ? part : null;
}

/** Cells of a layer whose windows see one of some cells of its input. */
function seenBy({ output, size, stride, before }: Axis, { first, end }: Span): Span {
  return {
    first: Math.max(0, Math.ceil((first + before - size + 1) / stride)),
    end: Math.min(output, Math.floor((end - 1 + before) / stride) + 1),
  };
}

function hull(spans: readonly Span[]): Span {
  return {
    first: Math.min(...spans.map(({ first }) => first)),
    end: Math.max(...spans.map(({ end }) => end)),
  };
}

/** The smallest extent of one size that holds what each window changes. */
function extentOf(cells: number, changed: readonly Span[]): Extent {
  const largest = changed.reduce((most, { first, end }) => Math.max(most, end - first), 0);
  const size = Math.min(cells, Math.max(PATCH_PIXELS, largest));
  return { size, starts: changed.map(({ first }) => Math.min(first, cells - size)), changed };
}

function extentOfWindow(px: number, window: number): Extent {
  const changed = Array.from({ length: px - window + 1 }, (_, first) => ({ first, end: first + window }));
  return { size: window, starts: changed.map(({ first }) => first), changed };
}
