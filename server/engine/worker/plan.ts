/** Sorts the rows of a batch into parts that are computed in one go each. */
import {
  type GradientRule,
  type InputWindow,
  MAX_BATCH_ROWS,
  type Probe,
  type Score,
  type Variation,
  variationKey,
  type Want,
} from "../port.ts";

/** Which form of the network a part needs. */
export interface FormKey {
  /** Layers to be read though the fast form computes them in one step with others, sorted. */
  readonly unfold: readonly string[];
  /** Whether activations may be computed in one step with what feeds them. */
  readonly fuseActivations: boolean;
  /** Seed of the random head, or null for the model's own. */
  readonly randomHead: number | null;
}

/** One row of the batch. */
export interface Request {
  /** Its place in the batch. */
  readonly place: number;
  readonly want: Want;
}

/** An input with the rows that ask for something of it: it is computed once for all of them. */
export interface Input extends Pick<Probe, "frame" | "variation"> {
  readonly requests: readonly Request[];
}

/** What the rows of a part have in common. */
type Head =
  /** Values of the forward pass alone. */
  | { readonly kind: "values"; readonly form: FormKey }
  /** The same where a window of this height and width is hidden, in px. */
  | { readonly kind: "windows"; readonly form: FormKey; readonly window: readonly [number, number] }
  | {
    readonly kind: "gradients";
    readonly form: FormKey;
    /** Layer that the scores are read from, or null for the logits. */
    readonly from: string | null;
    /** Layer that the gradients are asked for at, or null for the input. */
    readonly at: string | null;
    readonly rule: GradientRule;
  }
  | { readonly kind: "bias-terms"; readonly form: FormKey; readonly from: string | null }
  | { readonly kind: "fixations"; readonly form: FormKey };

/** An input that hides a window of its frame. */
export interface WindowInput extends Input {
  readonly variation: Extract<Variation, { kind: "fill" }>;
}

/** Rows that are computed in one go. */
export type Part =
  | Exclude<Head, { kind: "windows" }> & { readonly inputs: readonly Input[] }
  | Extract<Head, { kind: "windows" }> & { readonly inputs: readonly WindowInput[] };

/** What is planned for. */
export interface PlanModel {
  /** Tells whether the fast form of the network computes a layer in one step with others. */
  folded(layer: string): boolean;
  /** Inputs whose recorded forward pass fits the memory at a time. */
  readonly recordable: number;
}

/**
 * Inputs of one part at most. With the values before each activation and the gradients at every bias a recording is
 * several times as large, and a trace looks at every value of one input.
 */
function mostInputs(kind: Head["kind"], { recordable }: PlanModel): number {
  switch (kind) {
    case "values":
    case "windows":
      return MAX_BATCH_ROWS;
    case "gradients":
      return Math.min(recordable, MAX_BATCH_ROWS);
    case "bias-terms":
    case "fixations":
      return 1;
    default:
      throw new Error(`Cannot plan a part of this kind: current value is ${kind satisfies never}`);
  }
}

/** The score whose gradient a want asks for, or null. */
export function scoreOf(want: Want): Score | null {
  switch (want.kind) {
    case "layer":
    case "input":
    case "bias-terms":
      return want.score;
    case "logits":
    case "projection":
    case "fixations":
      return null;
    default:
      throw new TypeError(`Cannot plan a want of this kind: current value is ${want satisfies never}`);
  }
}

/**
 * Sorts rows into parts: rows that need no gradient never pay for a recording, rows of one input share its forward
 * pass whatever they score, and in a part every input has as many scores, so that no way back is gone for nothing.
 *
 * @param places of the rows that can be computed
 */
export function planBatch(
  batch: readonly Probe[],
  places: readonly number[],
  model: PlanModel,
): readonly Part[] {
  const groups = new Map<string, { readonly head: Head; readonly inputs: Map<string, GrowingInput> }>();
  for (const place of places) {
    const probe = batch[place];
    if (probe === undefined) continue;
    const { frame, variation, want } = probe;
    const head = headOf(probe, model);
    const group = entry(groups, JSON.stringify(head), () => ({ head, inputs: new Map() }));
    const input = `${frame}|${variationKey(variation)}`;
    entry(group.inputs, input, () => ({ frame, variation, requests: [] })).requests.push({ place, want });
  }
  return [...groups.values()].flatMap(({ head, inputs }) =>
    [...Map.groupBy(inputs.values(), scores).values()].flatMap((alike) =>
      chunks(alike, mostInputs(head.kind, model)).map((some) => partOf(head, some))
    )
  );
}

function partOf(head: Head, inputs: readonly Input[]): Part {
  if (head.kind !== "windows") return { ...head, inputs };
  return { ...head, inputs: inputs.filter(isWindow) };
}

function isWindow(input: Input): input is WindowInput {
  return input.variation.kind === "fill";
}

type GrowingInput = Input & { readonly requests: Request[] };

function headOf({ want, ...probe }: Probe, model: PlanModel): Head {
  const randomHead = probe.randomHead ?? null;
  const score = scoreOf(want);
  const from = score === null || score.kind === "target" ? null : score.layer;
  const at = want.kind === "layer" ? want.layer : null;
  const read = new Set([from, at].filter((layer) => layer !== null).filter((layer) => model.folded(layer)));
  const fast = { unfold: [...read].sort(), fuseActivations: true, randomHead };
  const values = () => valuesHead(probe.variation, fast);
  switch (want.kind) {
    case "logits":
    case "projection":
      return values();
    case "layer":
      if (score === null) return values();
      return { kind: "gradients", form: fast, from, at, rule: "plain" };
    case "input":
      return { kind: "gradients", form: fast, from, at, rule: want.rule };
    case "bias-terms":
      return { kind: "bias-terms", form: { ...fast, fuseActivations: false }, from };
    case "fixations":
      return { kind: "fixations", form: fast };
    default:
      throw new TypeError(`Cannot plan a want of this kind: current value is ${want satisfies never}`);
  }
}

function valuesHead(variation: Variation, form: FormKey): Head {
  if (variation.kind !== "fill") return { kind: "values", form };
  const { height, width }: InputWindow = variation.window;
  return { kind: "windows", form, window: [height, width] };
}

/** How many different scores are asked of an input. */
function scores({ requests }: Input): number {
  return new Set(requests.map(({ want }) => JSON.stringify(scoreOf(want)))).size;
}

function chunks<T>(values: readonly T[], length: number): readonly (readonly T[])[] {
  const count = Math.ceil(values.length / length);
  return Array.from({ length: count }, (_, index) => values.slice(index * length, (index + 1) * length));
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
