/** Rows of one kept forward pass: gradients of scores at layers or at the input, and what else is read of it. */
import type { Detail, Row, Volume } from "../../port.ts";
import type { Bench, Rows } from "./bench.ts";
import { goBack, planRounds } from "../wants/backward_passes.ts";
import type { Start } from "../wants/score.ts";
import { readRows } from "./forward_rows.ts";
import { copyVolume, rowOf } from "../wants/volumes.ts";
import { onlyWanted, wayThrough } from "./gradient_ends.ts";

/** Computes the rows of a part: one recorded forward pass, and as many ways back as an input has scores. */
export function computeGradients({ kernels, form, part, input }: Bench<"gradients">): Rows {
  const { graph } = form.executor;
  const { way, ends, readers, read } = wayThrough(form, part);
  const recording = form.executor.record(input, way);
  const values = new Map([...read.map((name) => [name, recording.value(name)] as const), [
    graph.input,
    input,
  ]]);
  const rows = new Map<number, Row>(
    readRows({ kernels, form, part: { kind: "values", form: part.form, inputs: readers }, values }),
  );
  const logits = part.inputs.map((_, index) => rowOf(kernels, recording.value(graph.logits), index).slice());
  for (const { way, from, at } of ends) {
    const inputs = part.inputs.map((one) => onlyWanted(one, way));
    const activations = inputs.map((_, index) => copyVolume(kernels, recording.value(at), index));
    for (const round of planRounds(kernels, inputs, recording.value(from))) {
      const gradients = goBack(kernels, recording, round, { from, to: [at], rule: way.rule });
      for (const { index, start, places } of round) {
        const [own, activation, [values] = []] = [logits[index], activations[index], gradients];
        if (own === undefined || activation === undefined || values === undefined) continue;
        const gradient = copyVolume(kernels, values, index);
        const detail = detailOf(way.at === null, start, activation, gradient);
        for (const place of places) rows.set(place, { ok: true, logits: own, projection: null, detail });
      }
      for (const gradient of gradients) kernels.free(gradient);
    }
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
