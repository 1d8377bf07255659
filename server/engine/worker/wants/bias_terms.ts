/**
 * Rows with what biases contribute to a score (Srinivas and Fleuret, "Full-gradient representation for neural network
 * visualization", 2019): score = Σ gradient·input + Σ over all biases of gradient·bias.
 */
import type { Value } from "../../graph/kernels.ts";
import type { Recording } from "../../graph/recording.ts";
import type { BiasTerm, InputGradient, Row, Score } from "../../port.ts";
import type { FormOutline } from "../network/forms.ts";
import { goBack, planRounds, scoredNode, type Scoring } from "./backward_passes.ts";
import { type Contribution, contributions, implicitBias, valuesRead } from "./_biases.ts";
import { firstUnsound } from "./finite.ts";
import { measure } from "./_measure.ts";
import { scoreFault, sourceOf } from "./score.ts";
import { copyVolume, gridAt, logitsAt, part as partOf, rowOf } from "./volumes.ts";
import type { OwnBench, OwnWant, Rows } from "./want.ts";

/** What the biases contribute (FullGrad), with the gradient at the input. */
export interface BiasTermsWant {
  readonly kind: "bias-terms";
  readonly score: Score;
}

export interface BiasTermsDetail extends InputGradient {
  readonly kind: "bias-terms";
  readonly terms: readonly BiasTerm[];
  /** Σ of every t, the dense layers' among them: score = Σ gradient·input + total. */
  readonly total: number;
}

export const biasTerms: OwnWant<BiasTermsWant, BiasTermsDetail> = {
  kind: "bias-terms",
  pass: "own",
  fault: ({ score }, abilities) => scoreFault(score, abilities, null),
  // What a fused activation adds on its own could not be told from the bias before it.
  needs: ({ score }) => ({ score, from: sourceOf(score), fuseActivations: false }),
  footprint(form, layer, { record }) {
    const { graph } = form.executor;
    const { from, found, to } = endsOf(form, layer);
    const way = { from: [from, graph.logits], to: [...to, ...found.flatMap(valuesRead)] };
    return record(way, [{ from, to }]);
  },
  compute,
  arrays: ({ input, gradient, terms }) => [input.values, gradient.values, ...terms.map(({ sums }) => sums)],
  unsound: ({ gradient, total }) => firstUnsound(gradient.values) ?? (Number.isFinite(total) ? null : total),
};

/** Where a backward pass begins and ends, and what is added on it. */
function endsOf(form: Pick<FormOutline, "executor">, layer: string | null) {
  const { graph } = form.executor;
  const from = scoredNode(form, layer);
  const found = contributions(graph, from);
  return { from, found, to: [...new Set([graph.input, ...found.map(({ node }) => node.name)])] };
}

/** Computes rows in a form of the network without fused activations. */
function compute(bench: OwnBench<BiasTermsWant>): Rows {
  const { kernels, form, inputs, input } = bench;
  const { graph } = form.executor;
  const { from, found, to } = endsOf(form, bench.from);
  const recording = form.executor.record(input, {
    from: [...new Set([from, graph.logits])],
    to: [...new Set([...to, ...found.flatMap(valuesRead)])],
  });
  const rows = new Map<number, Row>();
  const start = { head: graph.head, grid: form.grids.get(from) };
  for (const round of planRounds(kernels, inputs.map(scored), recording.value(from), start)) {
    const values = goBack(kernels, recording, round, { from, to, rule: "plain" });
    const gradients = new Map(to.map((name, i) => [name, values[i] as Value] as const));
    for (const scoring of round) {
      const detail = detailOf(bench, { from, found, recording, gradients }, scoring);
      const logits = logitsAt(kernels, form, recording.value(graph.logits), scoring.index);
      for (const place of scoring.places) rows.set(place, { ok: true, logits, projection: null, detail });
    }
    for (const value of values) kernels.free(value);
  }
  recording.free();
  return rows;
}

function scored({ requests }: OwnBench<BiasTermsWant>["inputs"][number]) {
  return requests.map(({ place, want: { score } }) => ({ place, score }));
}

/** One backward pass. */
interface Passed {
  readonly from: string;
  readonly found: readonly Contribution[];
  readonly recording: Recording;
  /** Gradients of the batch, by node. */
  readonly gradients: ReadonlyMap<string, Value>;
}

function detailOf(
  { kernels, form, inputs, input }: OwnBench<BiasTermsWant>,
  { from, found, recording, gradients }: Passed,
  { index, start: { classIndex, score, seed } }: Scoring,
): BiasTermsDetail {
  const gradientAt = (node: string): Value => {
    const gradient = gradients.get(node);
    if (gradient !== undefined) return gradient;
    throw new Error(`Cannot read a gradient: expected a node of the backward pass, got ${node}`);
  };
  const terms: BiasTerm[] = [];
  // A probability is no linear function of the logits: what its slope at them does not reach counts as a bias too.
  let total = score - dot(seed, rowOf(kernels, recording.value(from), index));
  for (const contribution of found) {
    const { node: { name, shape }, label } = contribution;
    const biases = contribution.kind === "bias"
      ? contribution.values
      : partOf(implicitBias(kernels, contribution, recording), index, inputs.length);
    const measured = measure(
      rowOf(kernels, gradientAt(name), index),
      biases,
      shape,
      form.grids.get(name) ?? null,
    );
    total += measured.total;
    if (measured.map !== null) terms.push({ layer: label, ...measured.map });
  }
  return {
    kind: "bias-terms",
    classIndex,
    score,
    terms,
    total,
    input: copyVolume(kernels, input, index, gridAt(form, form.executor.graph.input)),
    gradient: copyVolume(
      kernels,
      gradientAt(form.executor.graph.input),
      index,
      gridAt(form, form.executor.graph.input),
    ),
  };
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}
