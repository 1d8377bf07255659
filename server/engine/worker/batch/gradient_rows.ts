/** Rows of one kept forward pass: gradients of scores at layers or at the input, and what else is read of it. */
import type { Detail, Row } from "../../port.ts";
import { goBack, planRounds } from "../wants/backward_passes.ts";
import { sharedPlan, type Want } from "../wants/mod.ts";
import { copyVolume, gridAt, logitsAt } from "../wants/volumes.ts";
import type { FoundGradient, Rows } from "../wants/want.ts";
import type { Bench } from "./bench.ts";
import { readRows } from "./forward_rows.ts";
import { onlyWanted, wayThrough } from "./gradient_ends.ts";
import { type Input, scoreOf } from "./parts.ts";

/** Computes the rows of a part: one recorded forward pass, and as many backward passes as an input has scores. */
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
  const wants = new Map(
    part.inputs.flatMap(({ requests }) => requests.map(({ place, want }) => [place, want])),
  );
  const logits = part.inputs.map((_, index) => logitsAt(kernels, form, recording.value(graph.logits), index));
  for (const { pass, from, at } of ends) {
    const grid = gridAt(form, at);
    const inputs = part.inputs.map((one) => onlyWanted(one, pass));
    const activations = inputs.map((_, index) => copyVolume(kernels, recording.value(at), index, grid));
    const start = { head: graph.head, grid: form.grids.get(from) };
    for (const round of planRounds(kernels, inputs.map(scored), recording.value(from), start)) {
      const gradients = goBack(kernels, recording, round, { from, to: [at], rule: pass.rule });
      for (const { index, start, places } of round) {
        const [own, activation, [values] = []] = [logits[index], activations[index], gradients];
        if (own === undefined || activation === undefined || values === undefined) continue;
        const found = { start, activation, gradient: copyVolume(kernels, values, index, grid) };
        const details = new Map<string, Detail | null>();
        for (const place of places) {
          const want = wants.get(place);
          if (want === undefined) continue;
          const detail = details.get(want.kind) ?? detailOf(want, found);
          details.set(want.kind, detail);
          rows.set(place, { ok: true, logits: own, projection: null, detail });
        }
      }
      for (const gradient of gradients) kernels.free(gradient);
    }
  }
  recording.free();
  return rows;
}

function scored({ requests }: Input) {
  return requests.flatMap(({ place, want }) => {
    const score = scoreOf(want);
    return score === null ? [] : [{ place, score }];
  });
}

function detailOf(want: Want, found: FoundGradient): Detail | null {
  const plan = sharedPlan(want);
  return plan?.kind === "backward" ? plan.detail(found) : null;
}
