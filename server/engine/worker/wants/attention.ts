/** Rows with the attention of a transformer's blocks: how much of each token goes into each, and what a score gains by it. */
import { attentionsOf } from "../../graph/attention.ts";
import type { Value } from "../../graph/kernels.ts";
import { readoutsOf } from "../../graph/readouts.ts";
import type { Recording } from "../../graph/recording.ts";
import type { Row, Score } from "../../port.ts";
import type { FormOutline } from "../network/forms.ts";
import { goBack, planRounds, type Scoring } from "./backward_passes.ts";
import { firstUnsound } from "./finite.ts";
import { classOf, scoreFault, targetFault } from "./score.ts";
import { logitsAt, rowOf } from "./volumes.ts";
import type { OwnBench, OwnWant, Rows } from "./want.ts";

/** What is read of attention, A being a block's shares `[heads, tokens, tokens]`. */
export type AttentionOf =
  /** The mean of A over heads. */
  | "shares"
  /** The mean of max(0, A·∂score/∂A) over heads. */
  | "weighted-shares"
  /** The mean of max(0, ∂s/∂A) over heads and rows, s being the score that the head makes of this very block's output (`withReadouts()`). */
  | "readout-gradients";

export interface AttentionWant {
  readonly kind: "attention";
  readonly of: AttentionOf;
  /** A class's, in logits or as a probability; of shares it says only which class is named. */
  readonly score: Extract<Score, { kind: "target" }>;
}

export interface AttentionDetail {
  readonly kind: "attention";
  readonly classIndex: number;
  readonly tokens: number;
  /** Block by block `[tokens, tokens]`: into which token (rows), from which (columns); one row of readout gradients. */
  readonly maps: readonly Float32Array[];
}

export const attention: OwnWant<AttentionWant, AttentionDetail> = {
  kind: "attention",
  pass: "own",
  fault({ of, score }, abilities) {
    const { model: { attention } } = abilities;
    if (attention === undefined) return "attention needs a network whose patches attend to each other";
    if (of === "readout-gradients" && !attention.readouts) {
      return "readout gradients need a network whose head can be applied to every block";
    }
    return score.kind === "target"
      ? of === "shares" ? targetFault(score.target, abilities.model) : scoreFault(score, abilities, null)
      : `expected a score of a class, got ${JSON.stringify(score)}`;
  },
  needs: ({ of, score }) => ({
    score,
    from: null,
    fuseActivations: true,
    ...(of === "readout-gradients" ? { readouts: true } : {}),
  }),
  footprint(form, _from, { record }) {
    const { ends, way } = waysOf(form);
    return ends.length === 0
      ? { fixed: 0, perInput: 0 }
      : record(way, ends.map(({ logits, shares }) => ({ from: logits, to: shares })));
  },
  compute,
  arrays: ({ maps }) => maps,
  unsound: ({ maps }) => maps.map(firstUnsound).find((number) => number !== null) ?? null,
};

/** Where backward passes begin and end: at every block's own logits and shares, or at the logits and all shares. */
function waysOf({ executor: { graph }, readouts }: Pick<FormOutline, "executor" | "readouts">) {
  const shares = attentionsOf(graph).map((one) => one.shares);
  const ends = shares.length === 0
    ? []
    : readouts
    ? readoutsOf(graph).map((one) => ({ logits: one.logits, shares: [one.shares] }))
    : [{ logits: graph.logits, shares }];
  return {
    shares,
    ends,
    way: { from: [...new Set([graph.logits, ...ends.map(({ logits }) => logits)])], to: shares },
  };
}

function compute(bench: OwnBench<AttentionWant>): Rows {
  const sharesAlone = bench.inputs.every(({ requests }) =>
    requests.every(({ want: { of } }) => of === "shares")
  );
  return sharesAlone ? computeShares(bench) : computeGradients(bench);
}

/** A forward pass is all that shares take. */
function computeShares({ kernels, form, inputs, input }: OwnBench<AttentionWant>): Rows {
  const { graph } = form.executor;
  const attentions = attentionsOf(graph);
  const [logitsValue, ...shares] = form.executor.forward(input, [
    graph.logits,
    ...attentions.map((one) => one.shares),
  ]);
  const rows = new Map<number, Row>();
  for (const [index, { requests }] of inputs.entries()) {
    const logits = logitsValue === undefined
      ? new Float32Array()
      : logitsAt(kernels, form, logitsValue, index);
    const { tokens } = attentions[0] ?? { tokens: 0 };
    const maps = shares.map((value) =>
      overHeads(rowOf(kernels, value, index), tokens * tokens, (share) => share)
    );
    for (const { place, want: { score: { target } } } of requests) {
      const detail = { kind: "attention", classIndex: classOf(target, logits), tokens, maps } as const;
      rows.set(place, { ok: true, logits, projection: null, detail });
    }
  }
  for (const value of [logitsValue, ...shares]) if (value !== undefined) kernels.free(value);
  return rows;
}

function computeGradients(bench: OwnBench<AttentionWant>): Rows {
  const { kernels, form, inputs, input } = bench;
  const { graph } = form.executor;
  const { shares, ends, way } = waysOf(form);
  const recording = form.executor.record(input, way);
  const rows = new Map<number, Row>();
  const { tokens } = attentionsOf(graph)[0] ?? { tokens: 0 };
  for (const round of planRounds(kernels, inputs.map(scored), recording.value(graph.logits), graph)) {
    for (const scoring of round) {
      const logits = rowOf(kernels, recording.value(graph.logits), scoring.index).slice();
      const { classIndex } = scoring.start;
      const wants = new Map(inputs[scoring.index]?.requests.map(({ place, want }) => [place, want]) ?? []);
      const known = new Map<AttentionOf, readonly Float32Array[]>();
      for (const place of scoring.places) {
        const of = wants.get(place)?.of ?? "shares";
        const maps = known.get(of) ?? mapsOf(bench, { recording, shares, ends, scoring, tokens }, of);
        known.set(of, maps);
        const detail = { kind: "attention", classIndex: classIndex ?? 0, tokens, maps } as const;
        rows.set(place, { ok: true, logits, projection: null, detail });
      }
    }
  }
  recording.free();
  return rows;
}

interface Passed {
  readonly recording: Recording;
  readonly shares: readonly string[];
  readonly ends: ReturnType<typeof waysOf>["ends"];
  readonly scoring: Scoring;
  readonly tokens: number;
}

function mapsOf(
  { kernels }: OwnBench<AttentionWant>,
  { recording, shares, ends, scoring, tokens }: Passed,
  of: AttentionOf,
): readonly Float32Array[] {
  const { index } = scoring;
  const sharesOf = (name: string) => rowOf(kernels, recording.value(name), index);
  if (of === "shares") {
    return shares.map((name) => overHeads(sharesOf(name), tokens * tokens, (value) => value));
  }
  return ends.flatMap(({ logits, shares }) => {
    const gradients = goBack(kernels, recording, [scoring], { from: logits, to: shares, rule: "plain" });
    const maps = shares.map((name, at) => {
      const gradient = rowOf(kernels, gradients[at] as Value, index);
      if (of === "readout-gradients") return overHeads(gradient, tokens, (slope) => Math.max(0, slope));
      const values = sharesOf(name);
      return overHeads(gradient, tokens * tokens, (slope, i) => Math.max(0, slope * (values[i] as number)));
    });
    for (const gradient of gradients) kernels.free(gradient);
    return maps;
  });
}

/** The mean over runs of `length` numbers: heads, or heads and rows. */
function overHeads(
  values: Float32Array,
  length: number,
  of: (value: number, at: number) => number,
): Float32Array {
  const sums = new Float64Array(length);
  for (let at = 0; at < values.length; at++) {
    sums[at % length] = (sums[at % length] as number) + of(values[at] as number, at);
  }
  return Float32Array.from(sums, (sum) => sum * length / values.length);
}

function scored({ requests }: OwnBench<AttentionWant>["inputs"][number]) {
  return requests.map(({ place, want: { score } }) => ({ place, score }));
}
