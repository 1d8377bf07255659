/** Whether a network computes numbers: one that is damaged, or whose training diverged, computes NaN. */
import type { Graph } from "../../graph/graph.ts";
import type { Kernels, Value } from "../../graph/kernels.ts";
import { size } from "../../graph/shapes.ts";
import type { Row } from "../../port.ts";
import { firstUnsound } from "../wants/finite.ts";
import { kindOf } from "../wants/mod.ts";
import type { Forms } from "./forms.ts";
import { uniform } from "../input/noise.ts";

/** Seed of the picture that a network is tried on. */
const SEED = 1;

/** Lightest colour of a picture. */
const WHITE = 255;

/** What a person can do about it. */
const ADVICE = "its weights are damaged, or its training diverged: export it again, or from an earlier epoch";

/** A picture of noise, `[height, width, 3]`, 0…255: something of every colour everywhere. */
export function noisePicture({ height, width }: { readonly height: number; readonly width: number }) {
  return {
    height,
    width,
    rgb: Uint8Array.from(
      { length: 3 * height * width },
      (_, at) => Math.floor((WHITE + 1) * uniform(SEED, at)),
    ),
  };
}

/**
 * Refuses a network whose weights are not all finite.
 *
 * @throws Error that names the first such layer
 */
export function checkWeights(graph: Graph): void {
  const fault = weightFault(graph);
  if (fault !== null) throw unsound(fault);
}

function weightFault({ nodes }: Graph): string | null {
  for (const { name, weights } of nodes) {
    for (const [part, { values }] of Object.entries(weights)) {
      const found = firstUnsound(values);
      if (found !== null) return `${found} in the ${part} of layer '${layerOf(name)}'`;
    }
  }
  return null;
}

/**
 * Computes one input and refuses a network in which some layer yields a number that is not finite.
 *
 * @param input `[1, height, width, 3]`, normalised; stays the caller's
 * @param onNode receives the share of the operations that are computed, 0 to 1
 * @throws Error that names the layer where it begins
 */
export function checkForward(
  kernels: Kernels,
  forms: Forms,
  plain: Graph,
  input: Value,
  onNode: (share: number) => void = () => {},
): void {
  const fast = { unfold: [], fuseActivations: true };
  const { graph } = forms.fast.executor;
  let done = 0;
  const computed = () => onNode(++done / graph.nodes.length);
  // A rectifier would hide what folded weights make that are not finite.
  const fault = weightFault(graph) ?? wordsOf(unsoundNode(kernels, forms, fast, input, computed));
  if (fault === null) return;
  // Several layers may be computed in one step: unfolded, the first of them is found.
  const unfold = plain.nodes.map(({ name }) => name).filter((name) => !name.includes(":")).sort();
  const exact = unsoundNode(kernels, forms, { unfold, fuseActivations: false }, input);
  throw unsound(wordsOf(exact) ?? fault);
}

function wordsOf(found: Unsound | null): string | null {
  return found === null ? null : `${found.value} from layer '${layerOf(found.name)}' for a picture of noise`;
}

interface Unsound {
  readonly name: string;
  readonly value: number;
}

function unsoundNode(
  kernels: Kernels,
  forms: Forms,
  form: { readonly unfold: readonly string[]; readonly fuseActivations: boolean },
  input: Value,
  onNode: () => void = () => {},
): Unsound | null {
  const { executor } = forms.take({ ...form, randomHead: null });
  let found: Unsound | null = null;
  executor.inspect(input, (name, value) => {
    const number = found === null && size(value.shape) > 0 ? firstUnsound(kernels.view(value)) : null;
    if (number !== null) found = { name, value: number };
    onNode();
  });
  return found;
}

/** Fails a row whose numbers are not all finite: no ranking and no map can be made of it. */
export function soundRow(row: Row): Row {
  if (!row.ok) return row;
  const inLogits = firstUnsound(row.logits);
  const inDetail = row.detail === null ? null : kindOf(row.detail).unsound(row.detail);
  const inProjection = row.projection === null ? null : firstUnsound(row.projection.values);
  const [what, value] = inLogits !== null
    ? ["logits", inLogits]
    : inDetail !== null
    ? ["gradients and activations", inDetail]
    : ["map", inProjection];
  if (value === null) return row;
  return { ok: false, reason: `Cannot compute the row: expected finite ${what}, got ${value}` };
}

function unsound(given: string): Error {
  return new Error(`Cannot load the model: expected finite numbers in every layer, got ${given}; ${ADVICE}`);
}

/** The layer that an inner node belongs to. */
function layerOf(node: string): string {
  return node.split(":")[0] ?? node;
}
