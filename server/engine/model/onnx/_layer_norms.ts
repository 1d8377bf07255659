/** Recognises layer normalisation that is written out: (x − mean) / √(mean((x − mean)²) + epsilon) over the last side. */
import type { Draft } from "../../graph/graph.ts";
import { shapeOf } from "../../graph/ops/mod.ts";
import type { Drafts } from "./_passes.ts";

/** Replaces each such division; the factors and summands behind it are worked in by a later pass. */
export function recogniseLayerNorms(drafts: Drafts): void {
  if (![...drafts.values()].some(({ kind }) => kind === "reduce")) return;
  const shapes = new Map<string, readonly number[]>();
  for (const draft of drafts.values()) {
    shapes.set(draft.name, shapeOf(draft, draft.inputs.map((input) => shapes.get(input) ?? [])));
  }
  for (const draft of [...drafts.values()]) {
    const found = normOf(draft, drafts, shapes);
    if (found === null) continue;
    const channels = shapes.get(found.input)?.at(-1) as number;
    drafts.set(draft.name, {
      kind: "layer-norm",
      name: draft.name,
      className: draft.className,
      inputs: [found.input],
      attrs: { epsilon: found.epsilon },
      weights: {
        scale: { shape: [channels], values: new Float32Array(channels).fill(1) },
        shift: { shape: [channels], values: new Float32Array(channels) },
      },
    });
  }
}

function normOf(draft: Draft, drafts: Drafts, shapes: ReadonlyMap<string, readonly number[]>) {
  const [top, bottom] = draft.inputs.map((input) => behind(drafts, input));
  if (top?.kind !== "subtract" || bottom === undefined) return null;
  const epsilon = draft.kind === "divide"
    ? epsilonOf(drafts, top, rooted(drafts, bottom, "sqrt"))
    : draft.kind === "multiply"
    ? epsilonOf(drafts, top, inverseRoot(drafts, bottom))
    : null;
  if (epsilon === null) return null;
  const [input = "", mean = ""] = top.inputs;
  return isMean(drafts, shapes, behind(drafts, mean), input) &&
      isMean(drafts, shapes, varianceOf(drafts, draft), top.name, true)
    ? { input, epsilon }
    : null;
}

/** The node, or what is reshaped into it. */
function behind(drafts: Drafts, name: string | undefined): Draft | undefined {
  let draft = drafts.get(name ?? "");
  while (draft?.kind === "reshape") draft = drafts.get(draft.inputs[0] ?? "");
  return draft;
}

/** What a square root is taken of. */
function rooted(drafts: Drafts, draft: Draft | undefined, root: "sqrt"): Draft | undefined {
  return draft?.kind === "activation" && draft.attrs.function === root
    ? behind(drafts, draft.inputs[0])
    : undefined;
}

function inverseRoot(drafts: Drafts, draft: Draft): Draft | undefined {
  if (draft.kind !== "activation") return undefined;
  if (draft.attrs.function === "reciprocal") return rooted(drafts, behind(drafts, draft.inputs[0]), "sqrt");
  return draft.attrs.function === "power" && draft.attrs.exponent === -0.5
    ? behind(drafts, draft.inputs[0])
    : undefined;
}

function epsilonOf(drafts: Drafts, top: Draft, sum: Draft | undefined): number | null {
  if (sum?.kind !== "affine" || sum.weights.scale.values.some((value) => value !== 1)) return null;
  const variance = behind(drafts, sum.inputs[0]);
  const squares = variance?.kind === "reduce" ? behind(drafts, variance.inputs[0]) : undefined;
  const isSquare = squares?.inputs.every((input) => input === top.name) &&
    (squares.kind === "multiply" || squares.kind === "activation" && squares.attrs.function === "square");
  return isSquare ? sum.weights.shift.values[0] ?? null : null;
}

/** The mean of squares below the division. */
function varianceOf(drafts: Drafts, draft: Draft): Draft | undefined {
  let below = behind(drafts, draft.inputs[1]);
  while (below?.kind === "activation" || below?.kind === "affine") below = behind(drafts, below.inputs[0]);
  return below;
}

/** Whether a node is the mean of another one over its last side, or of that one's squares. */
function isMean(
  drafts: Drafts,
  shapes: ReadonlyMap<string, readonly number[]>,
  mean: Draft | undefined,
  of: string,
  squares = false,
): boolean {
  if (mean?.kind !== "reduce" || mean.attrs.function !== "mean") return false;
  const last = (shapes.get(of)?.length ?? 0) - 1;
  const input = squares ? drafts.get(mean.inputs[0] ?? "")?.inputs[0] : mean.inputs[0];
  return input === of && mean.attrs.sides.length === 1 && mean.attrs.sides[0] === last;
}
