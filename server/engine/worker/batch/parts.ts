/** Sorts the rows of a batch into parts that are computed in one go each. */
import {
  type FramePicture,
  inputKey,
  type InputWindow,
  MAX_BATCH_ROWS,
  type Probe,
  type Score,
  type Variation,
} from "../../port.ts";
import type { FormKey, HeadChoice } from "../network/forms.ts";
import { kindOf, sharedPlan, type Want } from "../wants/mod.ts";
import type { BackwardPass, OwnNeeds } from "../wants/want.ts";

/** One row of the batch. */
export interface RowRequest {
  /** Its place in the batch. */
  readonly place: number;
  readonly want: Want;
}

/** An input with the rows that ask for something of it: it is computed once for all of them. */
export interface Input extends FramePicture, Pick<Probe, "variation"> {
  readonly requests: readonly RowRequest[];
}

/** What the rows of a part have in common. */
type Head =
  /** Values of the forward pass alone. */
  | { readonly kind: "values"; readonly form: FormKey }
  /** The same where a window of this height and width is hidden, in pixels. */
  | { readonly kind: "windows"; readonly form: FormKey; readonly window: readonly [number, number] }
  /** One forward pass that is kept; every input has the same backward passes, and is read as it likes. */
  | { readonly kind: "gradients"; readonly form: FormKey; readonly backward: readonly BackwardPass[] }
  /** A forward pass that wants of one kind have for themselves; `from` and `layers` are those of their needs. */
  | {
    readonly kind: "own";
    readonly want: string;
    readonly form: FormKey;
    readonly from: string | null;
    readonly layers?: readonly string[];
  };

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
  /** Whether the fast form of the network computes a layer in one step with others. */
  folded(layer: string): boolean;
  /** Inputs of a part that fit the memory at a time, at least 0. */
  most(part: Part): number;
}

/** Inputs of one part at most: a pass of its own looks at every value of one input. */
function mostInputs(part: Part, model: PlanModel): number {
  return part.kind === "own" ? 1 : Math.min(Math.max(1, model.most(part)), MAX_BATCH_ROWS);
}

/** The score whose gradient a want asks for, or null. */
export function scoreOf(want: Want): Score | null {
  const kind = kindOf(want);
  if (kind.pass === "own") return kind.needs(want).score;
  const plan = kind.plan(want);
  return plan.kind === "backward" ? plan.score : null;
}

/** The backward pass that a want shares with others, or null. */
export function backwardPassOf(want: Want): BackwardPass | null {
  const plan = sharedPlan(want);
  return plan?.kind === "backward" ? plan.backward : null;
}

/**
 * Sorts rows into parts: all rows of an input share its forward pass, which is kept only where one of them wants a
 * gradient, and in a part every input has the same backward passes with as many scores, so that none is for nothing.
 *
 * @param places of the rows that can be computed
 */
export function planParts(
  batch: readonly Probe[],
  places: readonly number[],
  model: PlanModel,
): readonly Part[] {
  const passes = new Map<string, Pass>();
  for (const place of places) {
    const probe = batch[place];
    if (probe === undefined) continue;
    const { frame, cover, variation, want } = probe;
    const input = { frame, variation, ...(cover !== undefined && { cover }) };
    const choice = choiceOf(probe);
    const own = ownHead(want, choice, model);
    const key = JSON.stringify([inputKey(input), choice, own]);
    entry(passes, key, () => ({ own, choice, ...input, requests: [] })).requests.push({
      place,
      want,
    });
  }
  const groups = new Map<string, { readonly head: Head; readonly inputs: Input[] }>();
  for (const { own, choice, ...input } of passes.values()) {
    const head = own ?? sharedHead(input, choice, model);
    const key = JSON.stringify([head, scoreCounts(input)]);
    entry(groups, key, () => ({ head, inputs: [] })).inputs.push(input);
  }
  return [...groups.values()].flatMap(({ head, inputs }) =>
    chunks(inputs, mostInputs(partOf(head, inputs), model)).map((some) => partOf(head, some))
  );
}

/** A forward pass of one input. */
interface Pass extends FramePicture, Pick<Probe, "variation"> {
  /** Of a want that shares its pass with its like alone. */
  readonly own: Head | null;
  readonly choice: HeadChoice;
  readonly requests: RowRequest[];
}

function choiceOf({ randomHead, head }: Probe): HeadChoice {
  return { randomHead: randomHead ?? null, ...(head === undefined ? {} : { head }) };
}

function partOf(head: Head, inputs: readonly Input[]): Part {
  if (head.kind !== "windows") return { ...head, inputs };
  return { ...head, inputs: inputs.filter(isWindow) };
}

function isWindow(input: Input): input is WindowInput {
  return input.variation.kind === "fill";
}

/** The head of a want that looks at the pass in a way of its own, or null. */
function ownHead(want: Want, choice: HeadChoice, model: PlanModel): Head | null {
  const kind = kindOf(want);
  if (kind.pass === "shared") return null;
  const needs = kind.needs(want);
  const { from, layers } = needs;
  return {
    kind: "own",
    want: want.kind,
    form: { ...formOf([from, ...layers ?? []], choice, model), ...formNeeds(needs) },
    from,
    ...(layers === undefined ? {} : { layers }),
  };
}

function formNeeds({ fuseActivations, readouts }: OwnNeeds) {
  return { fuseActivations, ...(readouts === undefined ? {} : { readouts }) };
}

/** The head of a pass that several wants share. */
function sharedHead({ variation, requests }: Input, choice: HeadChoice, model: PlanModel): Head {
  const plans = requests.map(({ want }) => sharedPlan(want)).filter((plan) => plan !== null);
  const backward = distinct(plans.flatMap((plan) => plan.kind === "backward" ? [plan.backward] : []));
  const layers = plans.flatMap((plan) => plan.kind === "forward" ? plan.layers : []);
  const form = formOf([...backward.flatMap(({ from, at }) => [from, at]), ...layers], choice, model);
  if (backward.length > 0) return { kind: "gradients", form, backward };
  if (variation.kind !== "fill") return { kind: "values", form };
  const { height, width }: InputWindow = variation.window;
  return { kind: "windows", form, window: [height, width] };
}

/** The fast form, unfolded where some layers are to be read that it folds. */
function formOf(read: readonly (string | null)[], choice: HeadChoice, model: PlanModel): FormKey {
  const unfold = new Set(read.filter((layer) => layer !== null).filter((layer) => model.folded(layer)));
  return { unfold: [...unfold].sort(), fuseActivations: true, ...choice };
}

/** How many different scores are asked of an input for each backward pass. */
function scoreCounts({ requests }: Input): readonly number[] {
  const scored = requests.map(({ want }) => want).filter((want) => scoreOf(want) !== null);
  const byPass = Map.groupBy(scored, (want) => JSON.stringify(backwardPassOf(want)));
  return [...byPass].sort(([a], [b]) => a < b ? -1 : 1)
    .map(([, wants]) => new Set(wants.map((want) => JSON.stringify(scoreOf(want)))).size);
}

/** Each backward pass once, in an order that does not depend on that of the wants. */
function distinct(passes: readonly BackwardPass[]): readonly BackwardPass[] {
  const byName = new Map(passes.map((pass) => [JSON.stringify(pass), pass]));
  return [...byName].sort(([a], [b]) => a < b ? -1 : 1).map(([, pass]) => pass);
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
