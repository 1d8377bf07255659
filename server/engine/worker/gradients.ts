/** Rows with the gradient of a score at a layer or at the input. */
import { locateLayer } from "../graph/graph.ts";
import type { Detail, Row, Volume } from "../port.ts";
import type { Bench, Rows } from "./bench.ts";
import { goBack, planRounds, scoredNode } from "./rounds.ts";
import type { Start } from "./score.ts";
import { copyVolume, rowOf } from "./volumes.ts";

/** Computes the rows of a part: one recorded forward pass, and as many ways back as an input has scores. */
export function computeGradients({ kernels, form, part, input }: Bench<"gradients">): Rows {
  const { executor } = form;
  const { logits, input: inputNode } = executor.graph;
  const from = scoredNode(form, part.from);
  const at = part.at === null ? inputNode : locateLayer(executor.graph, part.at).name;
  const recording = executor.record(input, { from: [...new Set([from, logits])], to: [at] });

  const rows = new Map<number, Row>();
  const seen = part.inputs.map((_, index) => ({
    logits: rowOf(kernels, recording.value(logits), index).slice(),
    activation: copyVolume(kernels, recording.value(at), index),
  }));
  for (const round of planRounds(kernels, part.inputs, recording.value(from))) {
    const gradients = goBack(kernels, recording, round, { from, to: [at], rule: part.rule });
    for (const { index, start, places } of round) {
      const own = seen[index];
      const [values] = gradients;
      if (own === undefined || values === undefined) continue;
      const gradient = copyVolume(kernels, values, index);
      const detail = detailOf(part.at === null, start, own.activation, gradient);
      for (const place of places) rows.set(place, { ok: true, logits: own.logits, projection: null, detail });
    }
    for (const gradient of gradients) kernels.free(gradient);
  }
  recording.free();
  return rows;
}

function detailOf(
  atInput: boolean,
  { classIndex, score }: Start,
  activation: Volume,
  gradient: Volume,
): Detail {
  return atInput
    ? { kind: "input", classIndex, score, input: activation, gradient }
    : { kind: "layer", classIndex, activation, gradient };
}
