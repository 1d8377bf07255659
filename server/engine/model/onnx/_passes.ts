/** Passes over drafts: what exporters write in many operations becomes the one that it is. */
import type { Draft } from "../../graph/graph.ts";
import type { Weight } from "../weights.ts";
import { recogniseFunctions } from "./_functions.ts";
import { recogniseLayerNorms } from "./_layer_norms.ts";

/** Drafts by name, in topological order. */
export type Drafts = Map<string, Draft>;

/** Makes of what an exporter wrote what its author meant, and leaves out what the output does not need. */
export function tidied(drafts: readonly Draft[], output: string): readonly Draft[] {
  const byName: Drafts = new Map(drafts.map((draft) => [draft.name, draft]));
  mergeAffines(byName, output);
  recogniseFunctions(byName);
  recogniseLayerNorms(byName);
  mergeAffines(byName, output);
  return reachable(byName, output);
}

/** How many nodes read each node. */
export function readers(drafts: Drafts): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { inputs } of drafts.values()) {
    for (const input of inputs) counts.set(input, (counts.get(input) ?? 0) + 1);
  }
  return counts;
}

/** Works factors and summands into those before them, and a summand into the bias or the norm before it. */
function mergeAffines(drafts: Drafts, output: string): void {
  const counts = readers(drafts);
  for (const draft of [...drafts.values()]) {
    if (draft.kind !== "affine") continue;
    const before = drafts.get(draft.inputs[0] ?? "");
    if (before === undefined || before.name === output || counts.get(before.name) !== 1) continue;
    const joined = joinedAffine(before, draft);
    if (joined === null) continue;
    drafts.delete(before.name);
    drafts.set(draft.name, joined);
  }
}

function joinedAffine(before: Draft, draft: Draft<"affine">): Draft | null {
  const { scale, shift } = draft.weights;
  const name = draft.name;
  switch (before.kind) {
    case "affine": {
      const { weights } = before;
      const factors = combined(weights.scale, scale, (a, b) => a * b);
      const summands = combined(combined(weights.shift, scale, (a, b) => a * b), shift, (a, b) => a + b);
      return {
        ...draft,
        inputs: before.inputs,
        weights: { scale: stretched(factors, summands), shift: stretched(summands, factors) },
      };
    }
    case "conv":
    case "depthwise":
    case "dense": {
      if (before.attrs.activation !== "linear" || !scale.values.every((value) => value === 1)) return null;
      const bias = combined(before.weights.bias, shift, (a, b) => a + b);
      if (bias.values.length !== before.weights.bias.values.length) return null;
      return { ...before, name, weights: { ...before.weights, bias } } as Draft;
    }
    case "layer-norm":
    case "group-norm": {
      // A norm with factors of its own is a layer by itself.
      const { weights } = before;
      const bare = weights.scale.values.every((value) => value === 1) &&
        weights.shift.values.every((value) => value === 0);
      if (!bare) return null;
      const factors = combined(weights.scale, scale, (a, b) => a * b);
      return {
        ...before,
        name,
        weights: { scale: factors, shift: combined(shift, factors, (a) => a) },
      } as Draft;
    }
    default:
      return null;
  }
}

/** Numbers for each channel, of which one side may be a single number for all. */
function combined(a: Weight, b: Weight, compute: (a: number, b: number) => number): Weight {
  const length = Math.max(a.values.length, b.values.length);
  const at = ({ values }: Weight, i: number) => values[values.length === 1 ? 0 : i] as number;
  return { shape: [length], values: Float32Array.from({ length }, (_, i) => compute(at(a, i), at(b, i))) };
}

function stretched(weight: Weight, like: Weight): Weight {
  return combined(weight, { shape: like.shape, values: new Float32Array(like.values.length) }, (a) => a);
}

function reachable(drafts: Drafts, output: string): readonly Draft[] {
  const kept = new Set<string>();
  const open = [output];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (kept.has(name)) continue;
    kept.add(name);
    open.push(...drafts.get(name)?.inputs ?? []);
  }
  return [...drafts.values()].filter(({ name }) => kept.has(name));
}
