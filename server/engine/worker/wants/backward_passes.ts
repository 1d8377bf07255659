/** Backward passes through one recorded forward pass: as many as its inputs have scores, each for all inputs at once. */
import type { Head } from "../../../../shared/protocol.ts";
import { locateLayer } from "../../graph/graph.ts";
import type { Kernels, Value } from "../../graph/kernels.ts";
import type { Grid } from "../../graph/places.ts";
import type { Recording } from "../../graph/recording.ts";
import type { GradientRule, Score } from "../../port.ts";
import type { Form } from "../network/forms.ts";
import { type Start, startOf } from "./score.ts";
import { rowOf } from "./volumes.ts";

/** A score of one input, with the rows that want it. */
export interface Scoring {
  /** Place of the input in the part. */
  readonly index: number;
  readonly start: Start;
  /** Places of the rows in the batch. */
  readonly places: readonly number[];
}

/** A row with the score that it asks for. */
export interface Scored {
  /** Its place in the batch. */
  readonly place: number;
  readonly score: Score;
}

/** The node that scores are read from. */
export function scoredNode(
  { executor: { graph } }: { readonly executor: Pick<Form["executor"], "graph"> },
  layer: string | null,
): string {
  return layer === null ? graph.logits : locateLayer(graph, layer).name;
}

/**
 * Works out the scores of inputs and sorts them into rounds, so that each input has one score in a round at most.
 * Rows whose scores turn out to be the same, one by its rank and one by its class, share a round.
 *
 * @param inputs `[inputs][rows]` the rows that ask for a score of each input
 * @param scored value that the scores are read from, `[inputs, …]`
 * @param kind how logits become probabilities, and how that value lies on the picture; absent: it does not
 */
export function planRounds(
  kernels: Kernels,
  inputs: readonly (readonly Scored[])[],
  scored: Value,
  kind: { readonly head: Head; readonly grid?: Grid | undefined },
): readonly (readonly Scoring[])[] {
  const { head, grid } = kind;
  const rounds: Scoring[][] = [];
  for (const [index, asked] of inputs.entries()) {
    const values = rowOf(kernels, scored, index);
    const found = new Map<string, { readonly start: Start; readonly places: number[] }>();
    for (const { place, score } of asked) {
      const start = startOf(score, {
        shape: scored.shape.slice(1),
        values,
        head,
        ...(grid === undefined ? {} : { grid }),
      });
      const key = keyOf(score, start);
      const same = found.get(key) ?? { start, places: [] };
      same.places.push(place);
      found.set(key, same);
    }
    for (const [round, scoring] of [...found.values()].entries()) {
      (rounds[round] ??= []).push({ index, ...scoring });
    }
  }
  return rounds;
}

/** Computes one backward pass; inputs without a score in the round have zeros. The gradients are the caller's to free. */
export function goBack(
  kernels: Kernels,
  recording: Recording,
  round: readonly Scoring[],
  { from, to, rule }: { readonly from: string; readonly to: readonly string[]; readonly rule: GradientRule },
): readonly Value[] {
  const seed = kernels.allocate(recording.value(from).shape);
  kernels.view(seed).fill(0);
  for (const { index, start } of round) rowOf(kernels, seed, index).set(start.seed);
  const gradients = recording.vjp({ seeds: new Map([[from, seed]]), to, rule });
  kernels.free(seed);
  return gradients;
}

function keyOf(score: Score, { classIndex }: Start): string {
  return score.kind === "target" ? `${classIndex} ${score.score}` : JSON.stringify(score);
}
