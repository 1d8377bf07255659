/** Rows that need the forward pass alone: logits, projections, values of layers. */
import { locateLayer } from "../../graph/graph.ts";
import type { Kernels, Value } from "../../graph/kernels.ts";
import type { Detail, Projection, Row, Volume, Want } from "../../port.ts";
import { topClasses } from "../../../../shared/logits.ts";
import type { Bench, Rows } from "./bench.ts";
import type { Form } from "../network/forms.ts";
import { project } from "../network/head.ts";
import type { Input } from "./parts.ts";
import { copyVolume, rowOf } from "../wants/volumes.ts";

/** Nodes that inputs want to be read, each once; the network's own input among them where it is wanted. */
export function keptBy(
  { executor: { graph }, head }: Pick<Form, "head"> & { readonly executor: Pick<Form["executor"], "graph"> },
  inputs: readonly Input[],
): readonly string[] {
  const wants = inputs.flatMap(({ requests }) => requests.map(({ want }) => want));
  const projected = head !== null && wants.some(({ kind }) => kind === "projection") ? [head.layer] : [];
  const layers = wants.flatMap((want) => want.kind === "layer" ? [locateLayer(graph, want.layer).name] : []);
  return [...new Set([graph.logits, ...projected, ...layers])];
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
  readonly #kept: Kept;
  readonly #logits: Float32Array;
  readonly #rows = new Map<string, Row>();
  readonly #volumes = new Map<string, Volume>();

  constructor(kept: Kept) {
    this.#kept = kept;
    this.#logits = rowOf(kept.kernels, this.#value(kept.form.executor.graph.logits), kept.index).slice();
  }

  read(want: Want): Row {
    const key = JSON.stringify(want);
    const row: Row = this.#rows.get(key) ??
      { ok: true, logits: this.#logits, projection: this.#project(want), detail: this.#detail(want) };
    this.#rows.set(key, row);
    return row;
  }

  #project(want: Want): Projection | null {
    const { kernels, form: { head }, index } = this.#kept;
    if (want.kind !== "projection" || head === null) return null;
    const classes = new Set([...topClasses(this.#logits, want.top), ...want.also]);
    return project(kernels, head, this.#value(head.layer), index, [...classes]);
  }

  #detail(want: Want): Detail | null {
    if (want.kind !== "layer") return null;
    const { kernels, form, index } = this.#kept;
    const { name } = locateLayer(form.executor.graph, want.layer);
    const activation = this.#volumes.get(name) ?? copyVolume(kernels, this.#value(name), index);
    this.#volumes.set(name, activation);
    return { kind: "layer", classIndex: null, activation, gradient: null };
  }

  #value(node: string): Value {
    const value = this.#kept.values.get(node);
    if (value !== undefined) return value;
    throw new Error(`Cannot read the value as it was not computed: current value is ${node}`);
  }
}
