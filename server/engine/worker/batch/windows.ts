/** Rows that hide a window of their frame: computed where that changes something, on top of the unchanged frame. */
import type { Kernels, Value } from "../../graph/kernels.ts";
import type { Regions, Unchanged } from "../../graph/regions.ts";
import type { FramePicture } from "../../port.ts";
import type { Rows } from "../wants/want.ts";
import type { Form } from "../network/forms.ts";
import { RGB } from "../input/frame.ts";
import type { Part } from "./parts.ts";
import type { UnchangedFrames } from "./unchanged.ts";
import { keptBy, readRows } from "./forward_rows.ts";
import type { Variations } from "../input/variations.ts";
import { rowOf } from "../wants/volumes.ts";

/** After so many batches without windows, the unchanged frames' values are not kept any more. */
const PATIENCE_BATCHES = 32;

/** What windows are computed with. */
export interface WindowsParts {
  readonly kernels: Kernels;
  readonly unchanged: UnchangedFrames;
  readonly variations: Variations;
  /** The frame's input, `[1, height, width, 3]`, the caller's to free. */
  readonly inputOf: (picture: FramePicture) => Value;
  readonly pixelsOf: (picture: FramePicture) => Parameters<Variations["writeWindow"]>[1];
}

type WindowsPart = Extract<Part, { kind: "windows" }>;

/** Computes windows, and knows what they will want of frames to come. */
export class Windows {
  readonly #parts: WindowsParts;
  /** What the last windows read of their frames, and how many batches ago that was. */
  #wanted: { readonly nodes: readonly string[]; batches: number } | null = null;

  constructor(parts: WindowsParts) {
    this.#parts = parts;
  }

  /** Nodes whose values a frame's own row should keep, as windows of it are likely to follow. */
  get wanted(): readonly string[] {
    return this.#wanted?.nodes ?? [];
  }

  /** Nodes whose values for the unchanged frames a part is computed upon; none where it is computed whole. */
  reads({ executor: { regions }, head, features, executor }: Form, part: WindowsPart): readonly string[] {
    if (part.form.unfold.length > 0) return [];
    return regions?.reads({ window: part.window, keep: keptBy({ executor, head, features }, part.inputs) }) ??
      [];
  }

  /** A batch has come. */
  count(): void {
    if (this.#wanted !== null && ++this.#wanted.batches > PATIENCE_BATCHES) this.#wanted = null;
  }

  /** Computes the rows of a part, or gives null where computing them whole is as good. */
  compute(form: Form, part: WindowsPart): Rows | null {
    // Other forms may know other values by the same names; another head comes after all that is kept.
    if (part.form.unfold.length > 0) return null;
    const { regions } = form.executor;
    const keep = keptBy(form, part.inputs);
    const nodes = regions?.reads({ window: part.window, keep }) ?? null;
    if (regions === null || nodes === null) return null;
    this.#wanted = { nodes, batches: 0 };
    const values = this.#forward(form, regions, part, { keep, nodes });
    const rows = readRows({ kernels: this.#parts.kernels, form, part, values });
    for (const value of values.values()) this.#parts.kernels.free(value);
    this.#parts.unchanged.trim();
    return rows;
  }

  #forward(
    form: Form,
    regions: Regions,
    { window, inputs }: WindowsPart,
    { keep, nodes }: { readonly keep: readonly string[]; readonly nodes: readonly string[] },
  ): ReadonlyMap<string, Value> {
    const { kernels, variations, pixelsOf } = this.#parts;
    const rows = inputs.map((input) => ({
      top: input.variation.window.top,
      left: input.variation.window.left,
      unchanged: this.#unchangedOf(form, input, nodes),
    }));
    const fresh = kernels.allocate([inputs.length, ...window, RGB]);
    for (const [index, input] of inputs.entries()) {
      variations.writeWindow(rowOf(kernels, fresh, index), pixelsOf(input), input.variation);
    }
    const outputs = regions.forward({ window, fresh, rows, keep });
    kernels.free(fresh);
    return new Map(keep.map((name, index) => [name, outputs[index] as Value]));
  }

  #unchangedOf({ executor }: Form, picture: FramePicture, nodes: readonly string[]): Unchanged {
    const { kernels, unchanged, inputOf } = this.#parts;
    const known = unchanged.take(picture, nodes);
    if (known !== null) return known;
    const input = inputOf(picture);
    const computed = nodes.filter((node) => node !== executor.graph.input);
    const outputs = executor.forward(input, computed);
    const values = new Map([
      [executor.graph.input, input],
      ...computed.map((node, index) => [node, outputs[index] as Value] as const),
    ]);
    const kept = unchanged.keep(picture, values, 0);
    for (const value of values.values()) kernels.free(value);
    return kept;
  }
}
