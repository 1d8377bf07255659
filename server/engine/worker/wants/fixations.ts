/** Rows that trace a class back to pixels of the input. */
import type { Value } from "../../graph/kernels.ts";
import type { Row, Score } from "../../port.ts";
import { firstUnsound } from "./finite.ts";
import { classOf, targetFault } from "./score.ts";
import { trace, tracedNodes } from "./_trace.ts";
import { rowOf } from "./volumes.ts";
import type { OwnBench, OwnWant, Rows } from "./want.ts";

/** Pixels that a class is traced back to through positive contributions (CNN Fixations). */
export interface FixationsWant {
  readonly kind: "fixations";
  readonly target: Extract<Score, { kind: "target" }>["target"];
}

export interface FixationsDetail {
  readonly kind: "fixations";
  readonly classIndex: number;
  /** `[points, 2]` row and column, in pixels of the input. */
  readonly points: Float32Array;
}

export const fixations: OwnWant<FixationsWant, FixationsDetail> = {
  kind: "fixations",
  pass: "own",
  fault: ({ target }, { model }) =>
    model.multipliesValues
      ? "fixations need a network that multiplies no values with each other"
      : model.withoutGradients
      ? "fixations need a head of one dense layer"
      : targetFault(target, model),
  needs: () => ({ score: null, from: null, fuseActivations: true }),
  footprint: ({ executor: { graph } }, _from, { forward }) => forward([graph.logits, ...tracedNodes(graph)]),
  compute,
  arrays: ({ points }) => [points],
  unsound: ({ points }) => firstUnsound(points),
};

/** Computes rows of one input: all values that the trace looks at are there at once. */
function compute({ kernels, form, inputs, input }: OwnBench<FixationsWant>): Rows {
  const { graph } = form.executor;
  const keep = [...new Set([graph.logits, ...tracedNodes(graph)])].filter((name) => name !== graph.input);
  const outputs = form.executor.forward(input, keep);
  const kept = new Map(keep.map((name, i) => [name, outputs[i] as Value] as const)).set(graph.input, input);
  const values = new Map([...kept].map(([name, value]) => [name, rowOf(kernels, value, 0)] as const));
  const logits = (values.get(graph.logits) ?? new Float32Array()).slice();

  const rows = new Map<number, Row>();
  const traced = new Map<number, Float32Array>();
  for (const { place, want } of inputs.flatMap(({ requests }) => requests)) {
    const classIndex = classOf(want.target, logits);
    const points = traced.get(classIndex) ?? trace(graph, values, classIndex);
    traced.set(classIndex, points);
    const detail = { kind: "fixations", classIndex, points } as const;
    rows.set(place, { ok: true, logits, projection: null, detail });
  }
  for (const output of outputs) kernels.free(output);
  return rows;
}
