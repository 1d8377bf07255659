/** Rows that need the forward pass alone: logits, projections, values of layers. */
import type { Kernels, Value } from "../../graph/kernels.ts";
import type { Row, Volume } from "../../port.ts";
import type { Form } from "../network/forms.ts";
import { sharedPlan, type Want } from "../wants/mod.ts";
import { copyVolume, gridAt, logitsAt } from "../wants/volumes.ts";
import type { Rows, RowValues } from "../wants/want.ts";
import type { Bench } from "./bench.ts";
import type { Input } from "./parts.ts";

/** Nodes that inputs want to be read, each once; the network's own input among them where it is wanted. */
export function keptBy(
  form: Pick<Form, "head" | "features"> & { readonly executor: Pick<Form["executor"], "graph"> },
  inputs: readonly Input[],
): readonly string[] {
  const nodes = inputs.flatMap(({ requests }) =>
    requests.flatMap(({ want }) => {
      const plan = sharedPlan(want);
      return plan?.kind === "forward" ? plan.nodes(form) : [];
    })
  );
  return [...new Set([form.executor.graph.logits, ...nodes])];
}

/**
 * Computes the rows of a part.
 *
 * @param also further nodes whose values are handed to `take` before they are freed
 */
export function computeValues(
  { kernels, form, part, input }: Bench<"values" | "windows">,
  also: readonly string[],
  take: (values: ReadonlyMap<string, Value>) => void,
): Rows {
  const { graph } = form.executor;
  const keep = [...new Set([...keptBy(form, part.inputs), ...also])].filter((name) => name !== graph.input);
  const outputs = form.executor.forward(input, keep);
  const values = new Map([
    [graph.input, input],
    ...keep.map((name, i) => [name, outputs[i] as Value] as const),
  ]);
  const rows = readRows({ kernels, form, part, values });
  take(values);
  for (const output of outputs) kernels.free(output);
  return rows;
}

/** Reads the rows of a part from its nodes' values. */
export function readRows(
  { kernels, form, part, values }: Pick<Bench<"values" | "windows">, "kernels" | "form" | "part"> & {
    readonly values: ReadonlyMap<string, Value>;
  },
): Rows {
  const rows = new Map<number, Row>();
  for (const [index, { requests }] of part.inputs.entries()) {
    const reader = new RowReader({ kernels, form, values, index });
    for (const { place, want } of requests) rows.set(place, reader.read(want));
  }
  return rows;
}

interface Kept {
  readonly kernels: Kernels;
  readonly form: Form;
  /** Values of the batch, by node. */
  readonly values: ReadonlyMap<string, Value>;
  /** Place of the row in the batch's values. */
  readonly index: number;
}

/** Reads the rows of one input; what several of them want is copied once. */
class RowReader {
  readonly #values: RowValues;
  readonly #rows = new Map<string, Row>();

  constructor({ kernels, form, values, index }: Kept) {
    const volumes = new Map<string, Volume>();
    const value = (node: string): Value => {
      const found = values.get(node);
      if (found !== undefined) return found;
      throw new Error(`Cannot read a value: expected a node that was computed, got ${node}`);
    };
    const volume = (node: string): Volume => {
      const found = volumes.get(node) ?? copyVolume(kernels, value(node), index, gridAt(form, node));
      volumes.set(node, found);
      return found;
    };
    const logits = logitsAt(kernels, form, value(form.executor.graph.logits), index);
    this.#values = { kernels, form, logits, index, value, volume };
  }

  read(want: Want): Row {
    const key = JSON.stringify(want);
    const row = this.#rows.get(key) ?? this.#rowOf(want);
    this.#rows.set(key, row);
    return row;
  }

  #rowOf(want: Want): Row {
    const plan = sharedPlan(want);
    const { logits } = this.#values;
    if (plan?.kind === "forward") return { ok: true, logits, ...plan.read(this.#values) };
    throw new TypeError(`Cannot read a row: expected a want of the forward pass alone, got ${want.kind}`);
  }
}
