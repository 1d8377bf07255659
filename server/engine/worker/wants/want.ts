/** What a kind of want is: all that the engine knows of it lies in one file beside this one. */
import type { Footprint, PullEnds } from "../../graph/footprint.ts";
import type { Kernels, Value } from "../../graph/kernels.ts";
import type { Way } from "../../graph/recording.ts";
import type { GradientRule, LoadedModel, Projection, Row, Score, Volume } from "../../port.ts";
import type { Form, FormOutline } from "../network/forms.ts";
import type { Start } from "./score.ts";

/** What of a network decides which rows it can compute. */
export interface Abilities {
  readonly model: LoadedModel;
  /** Whether one dense layer yields the logits, or a head in its place, so that it can be made random. */
  readonly denseLogits: boolean;
  /** Whether a layer's values go into another's, or into the logits where that is null; each goes into itself. */
  feeds(layer: string, into: string | null): boolean;
}

/** Rows by their places in the batch. */
export type Rows = ReadonlyMap<number, Row>;

/** What every kind of want has; `W` is the want, `D` the detail of its rows. */
interface Basics<W extends { readonly kind: string }, D> {
  readonly kind: W["kind"];
  /** Why the network cannot compute it, as half a sentence, or null. */
  fault(want: W, abilities: Abilities): string | null;
  /** The arrays of a detail: they move out of the worker instead of being copied. */
  arrays(detail: D): readonly Float32Array[];
  /** The first number of a detail that is not finite, or null. */
  unsound(detail: D): number | null;
}

/** A want that shares the forward pass of its input with other rows. */
export interface SharedWant<W extends { readonly kind: string }, D> extends Basics<W, D> {
  readonly pass: "shared";
  plan(want: W): ForwardPlan<D> | BackwardPlan<D>;
}

/** A want that looks at a forward pass in a way of its own, one input at a time. */
export interface OwnWant<W extends { readonly kind: string }, D> extends Basics<W, D> {
  readonly pass: "own";
  needs(want: W): OwnNeeds;
  /** Bytes that an input takes; `from` and `layers` are those of {@link OwnNeeds}. */
  footprint(
    form: FormOutline,
    from: string | null,
    footprints: Footprints,
    layers: readonly string[],
  ): Footprint;
  compute(bench: OwnBench<W>): Rows;
}

export type WantKind<W extends { readonly kind: string }, D> = SharedWant<W, D> | OwnWant<W, D>;

/** Values of the forward pass are read. */
export interface ForwardPlan<D> {
  readonly kind: "forward";
  /** Layers that have to be there by their own names, though the fast form may fold them into others. */
  readonly layers: readonly string[];
  /** Nodes whose values are read beside the logits. */
  nodes(
    form: Pick<FormOutline, "head" | "features"> & {
      readonly executor: Pick<FormOutline["executor"], "graph">;
    },
  ): readonly string[];
  read(values: RowValues): { readonly projection: Projection | null; readonly detail: D | null };
}

/** A gradient is read at the end of a backward pass. */
export interface BackwardPlan<D> {
  readonly kind: "backward";
  readonly score: Score;
  readonly backward: BackwardPass;
  detail(found: FoundGradient): D;
}

/** A backward pass through the network. */
export interface BackwardPass {
  /** Layer that the score is read from, or null for the logits. */
  readonly from: string | null;
  /** Layer that the gradient is asked for at, or null for the input. */
  readonly at: string | null;
  readonly rule: GradientRule;
}

/** What a backward pass found for one score of one input. */
export interface FoundGradient {
  readonly start: Start;
  /** Value of the node that the pass ended at. */
  readonly activation: Volume;
  readonly gradient: Volume;
}

/** What a forward pass found for one input. */
export interface RowValues {
  readonly kernels: Kernels;
  readonly form: Form;
  readonly logits: Float32Array;
  /** The input's place in the batch's values. */
  readonly index: number;
  /** Value of a node, of the whole batch. */
  value(node: string): Value;
  /** The input's own value of a node, copied once for all rows. */
  volume(node: string): Volume;
}

/** What a want with a pass of its own needs of the network. */
export interface OwnNeeds {
  /** The score whose gradient it takes, or null. */
  readonly score: Score | null;
  /** Layer that the score is read from, or null for the logits or no score: rows with the same one share a pass. */
  readonly from: string | null;
  /** Further layers that are read; rows with the same ones share a pass. Absent: none. */
  readonly layers?: readonly string[];
  /** Whether activations may be computed in one step with what feeds them. */
  readonly fuseActivations: boolean;
  /** Given where the head has to be applied to the output of every block of a transformer. */
  readonly readouts?: true;
}

/** How bytes of passes are worked out. */
export interface Footprints {
  /** Of a forward pass in which some nodes are kept. */
  forward(keep: readonly string[]): Footprint;
  /** Of a recorded forward pass, and backward passes through it. */
  record(way: Way, pulls: readonly PullEnds[]): Footprint;
}

/** What the rows of a pass of their own are computed with. */
export interface OwnBench<W> {
  readonly kernels: Kernels;
  readonly form: Form;
  readonly from: string | null;
  /** The inputs with the rows that ask for something of each. */
  readonly inputs: readonly { readonly requests: readonly { readonly place: number; readonly want: W }[] }[];
  /** The values of the inputs, `[inputs, height, width, 3]`; they stay the caller's. */
  readonly input: Value;
}
