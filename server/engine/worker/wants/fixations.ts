/** Rows that trace a class back to places of the input. */
import type { Value } from "../../graph/kernels.ts";
import type { Row } from "../../port.ts";
import type { Bench, Rows } from "../batch/bench.ts";
import { trace, tracedNodes } from "./_trace.ts";
import { classOf } from "./score.ts";
import { rowOf } from "./volumes.ts";

/** Computes the rows of a part, which has one input: all values that the trace looks at are there at once. */
export function computeFixations({ kernels, form, part, input }: Bench<"fixations">): Rows {
  const { graph } = form.executor;
  const keep = [...new Set([graph.logits, ...tracedNodes(graph)])].filter((name) => name !== graph.input);
  const outputs = form.executor.forward(input, keep);
  const kept = new Map(keep.map((name, i) => [name, outputs[i] as Value] as const)).set(graph.input, input);
  const values = new Map([...kept].map(([name, value]) => [name, rowOf(kernels, value, 0)] as const));
  const logits = (values.get(graph.logits) ?? new Float32Array()).slice();

  const rows = new Map<number, Row>();
  const traced = new Map<number, Float32Array>();
  for (const { place, want } of part.inputs.flatMap(({ requests }) => requests)) {
    if (want.kind !== "fixations") continue;
    const classIndex = classOf(want.target, logits);
    const points = traced.get(classIndex) ?? trace(graph, values, classIndex);
    traced.set(classIndex, points);
    rows.set(place, {
      ok: true,
      logits,
      projection: null,
      detail: { kind: "fixations", classIndex, points },
    });
  }
  for (const output of outputs) kernels.free(output);
  return rows;
}
