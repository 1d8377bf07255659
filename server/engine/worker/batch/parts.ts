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
} from "../../port.ts";

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
  /** One forward pass that is kept; every input goes the same ways back, and is read as it likes. */
  | { readonly kind: "gradients"; readonly form: FormKey; readonly ways: readonly WayBack[] }
  | { readonly kind: "bias-terms"; readonly form: FormKey; readonly from: string | null }
  | { readonly kind: "fixations"; readonly form: FormKey };

/** A way back through the network. */
export interface WayBack {
  /** Layer that the score is read from, or null for the logits. */
  readonly from: string | null;
  /** Layer that the gradient is asked for at, or null for the input. */
  readonly at: string | null;
  readonly rule: GradientRule;
}

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
  /** Inputs of a part that fit the memory at a time, at least 0. */
  most(part: Part): number;
}

/** Inputs of one part at most: a trace looks at every value of one input, and biases are as many values again. */
function mostInputs(part: Part, model: PlanModel): number {
  switch (part.kind) {
    case "values":
    case "windows":
    case "gradients":
      return Math.min(Math.max(1, model.most(part)), MAX_BATCH_ROWS);
    case "bias-terms":
    case "fixations":
      return 1;
    default:
      throw new Error(`Cannot plan a part of this kind: current value is ${part satisfies never}`);
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

/** The layer that a score is read from, or null for the logits. */
function sourceOf(score: Score): string | null {
  return score.kind === "target" ? null : score.layer;
}

/** The way back that a want goes, or null; what the biases contribute goes ways of its own. */
export function wayOf(want: Want): WayBack | null {
  const score = scoreOf(want);
  if (score === null || want.kind !== "layer" && want.kind !== "input") return null;
  const from = sourceOf(score);
  return want.kind === "layer"
    ? { from, at: want.layer, rule: "plain" }
    : { from, at: null, rule: want.rule };
}

/**
 * Sorts rows into parts: all rows of an input share its forward pass, which is kept only where one of them wants a
 * gradient, and in a part every input goes the same ways back with as many scores, so that none is gone for nothing.
 *
 * @param places of the rows that can be computed
 */
export function planBatch(
  batch: readonly Probe[],
  places: readonly number[],
  model: PlanModel,
): readonly Part[] {
  const passes = new Map<string, Pass>();
  for (const place of places) {
    const probe = batch[place];
    if (probe === undefined) continue;
    const { frame, variation, want, randomHead = null } = probe;
    const own = ownHead(want, randomHead, model);
    const key = JSON.stringify([frame, variationKey(variation), randomHead, own]);
    entry(passes, key, () => ({ own, randomHead, frame, variation, requests: [] })).requests.push({
      place,
      want,
    });
  }
  const groups = new Map<string, { readonly head: Head; readonly inputs: Input[] }>();
  for (const { own, randomHead, ...input } of passes.values()) {
    const head = own ?? sharedHead(input, randomHead, model);
    const key = JSON.stringify([head, scoreCounts(input)]);
    entry(groups, key, () => ({ head, inputs: [] })).inputs.push(input);
  }
  return [...groups.values()].flatMap(({ head, inputs }) =>
    chunks(inputs, mostInputs(partOf(head, inputs), model)).map((some) => partOf(head, some))
  );
}

/** A forward pass of one input. */
interface Pass extends Pick<Probe, "frame" | "variation"> {
  /** Of a want that shares its pass with its like alone. */
  readonly own: Head | null;
  readonly randomHead: number | null;
  readonly requests: Request[];
}

function partOf(head: Head, inputs: readonly Input[]): Part {
  if (head.kind !== "windows") return { ...head, inputs };
  return { ...head, inputs: inputs.filter(isWindow) };
}

function isWindow(input: Input): input is WindowInput {
  return input.variation.kind === "fill";
}

/** The head of a want that looks at the pass in a way of its own, or null. */
function ownHead(want: Want, randomHead: number | null, model: PlanModel): Head | null {
  switch (want.kind) {
    case "logits":
    case "projection":
    case "layer":
    case "input":
      return null;
    case "bias-terms": {
      const from = sourceOf(want.score);
      return {
        kind: "bias-terms",
        form: { ...formOf([from], randomHead, model), fuseActivations: false },
        from,
      };
    }
    case "fixations":
      return { kind: "fixations", form: formOf([], randomHead, model) };
    default:
      throw new TypeError(`Cannot plan a want of this kind: current value is ${want satisfies never}`);
  }
}

/** The head of a pass that several wants share. */
function sharedHead({ variation, requests }: Input, randomHead: number | null, model: PlanModel): Head {
  const wants = requests.map(({ want }) => want);
  const ways = distinct(wants.map(wayOf).filter((way) => way !== null));
  const layers = wants.map((want) => want.kind === "layer" ? want.layer : null);
  const form = formOf([...ways.map(({ from }) => from), ...layers], randomHead, model);
  if (ways.length > 0) return { kind: "gradients", form, ways };
  if (variation.kind !== "fill") return { kind: "values", form };
  const { height, width }: InputWindow = variation.window;
  return { kind: "windows", form, window: [height, width] };
}

/** The fast form, unfolded where some layers are to be read that it folds. */
function formOf(read: readonly (string | null)[], randomHead: number | null, model: PlanModel): FormKey {
  const unfold = new Set(read.filter((layer) => layer !== null).filter((layer) => model.folded(layer)));
  return { unfold: [...unfold].sort(), fuseActivations: true, randomHead };
}

/** How many different scores are asked of an input on each way back. */
function scoreCounts({ requests }: Input): readonly number[] {
  const scored = requests.map(({ want }) => want).filter((want) => scoreOf(want) !== null);
  const byWay = Map.groupBy(scored, (want) => JSON.stringify(wayOf(want)));
  return [...byWay].sort(([a], [b]) => a < b ? -1 : 1)
    .map(([, wants]) => new Set(wants.map((want) => JSON.stringify(scoreOf(want)))).size);
}

/** Each way back once, in an order that does not depend on that of the wants. */
function distinct(ways: readonly WayBack[]): readonly WayBack[] {
  const byName = new Map(ways.map((way) => [JSON.stringify(way), way]));
  return [...byName].sort(([a], [b]) => a < b ? -1 : 1).map(([, way]) => way);
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
