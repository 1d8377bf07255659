/**
 * Rows with what biases contribute to a score (Srinivas and Fleuret, "Full-gradient representation for neural network
 * visualization", 2019): score = Σ gradient·input + Σ over all biases of gradient·bias.
 */
import type { Value } from "../../graph/kernels.ts";
import type { Recording } from "../../graph/recording.ts";
import type { BiasTerm, Detail, Row } from "../../port.ts";
import type { Bench, Rows } from "../batch/bench.ts";
import { type Contribution, contributions, implicitBias, valuesRead } from "./_biases.ts";
import { measure } from "./_measure.ts";
import { goBack, planRounds, scoredNode, type Scoring } from "./backward_passes.ts";
import { copyVolume, part as partOf, rowOf } from "./volumes.ts";

/** Computes the rows of a part, whose form of the network has no fused activations. */
export function computeBiasTerms(bench: Bench<"bias-terms">): Rows {
  const { kernels, form, part, input } = bench;
  const { graph } = form.executor;
  const from = scoredNode(form, part.from);
  const found = contributions(graph, from);
  const to = [...new Set([graph.input, ...found.map(({ node }) => node.name)])];
  const recording = form.executor.record(input, {
    from: [...new Set([from, graph.logits])],
    to: [...new Set([...to, ...found.flatMap(valuesRead)])],
  });
  const rows = new Map<number, Row>();
  for (const round of planRounds(kernels, part.inputs, recording.value(from))) {
    const values = goBack(kernels, recording, round, { from, to, rule: "plain" });
    const gradients = new Map(to.map((name, i) => [name, values[i] as Value] as const));
    for (const scoring of round) {
      const detail = detailOf(bench, { from, found, recording, gradients }, scoring);
      const logits = rowOf(kernels, recording.value(graph.logits), scoring.index).slice();
      for (const place of scoring.places) rows.set(place, { ok: true, logits, projection: null, detail });
    }
    for (const value of values) kernels.free(value);
  }
  recording.free();
  return rows;
}

/** One way back. */
interface Way {
  readonly from: string;
  readonly found: readonly Contribution[];
  readonly recording: Recording;
  /** Gradients of the batch, by node. */
  readonly gradients: ReadonlyMap<string, Value>;
}

function detailOf(
  { kernels, form, part, input }: Bench<"bias-terms">,
  { from, found, recording, gradients }: Way,
  { index, start: { classIndex, score, seed } }: Scoring,
): Detail {
  const gradientAt = (node: string): Value => {
    const gradient = gradients.get(node);
    if (gradient !== undefined) return gradient;
    throw new Error(`Cannot read the gradient as it was not asked for: current value is ${node}`);
  };
  const terms: BiasTerm[] = [];
  // A probability is no linear function of the logits: what its slope at them does not reach counts as a bias too.
  let total = score - dot(seed, rowOf(kernels, recording.value(from), index));
  for (const contribution of found) {
    const { node: { name, shape }, label } = contribution;
    const biases = contribution.kind === "bias"
      ? contribution.values
      : partOf(implicitBias(kernels, contribution, recording), index, part.inputs.length);
    const measured = measure(rowOf(kernels, gradientAt(name), index), biases, shape);
    total += measured.total;
    if (measured.map !== null) terms.push({ layer: label, ...measured.map });
  }
  return {
    kind: "bias-terms",
    classIndex,
    score,
    terms,
    total,
    input: copyVolume(kernels, input, index),
    gradient: copyVolume(kernels, gradientAt(form.executor.graph.input), index),
  };
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}
