/** The forms that one network is computed in: fast, with layers unfolded, without fused activations, with another head. */
import { LruCache } from "../../../../shared/lru_cache.ts";
import { Constants } from "../../graph/constants.ts";
import { Executor } from "../../graph/executor.ts";
import { constantBytes } from "../../graph/footprint.ts";
import type { Graph } from "../../graph/graph.ts";
import type { Kernels } from "../../graph/kernels.ts";
import { optimise } from "../../graph/optimise.ts";
import { type Outline, outlineOf } from "../../graph/outline.ts";
import { type Grid, gridsOf } from "../../graph/places.ts";
import { withReadouts } from "../../graph/readouts.ts";
import { findHead, type Head } from "./head.ts";
import { drawHead, withHead } from "./random_head.ts";
import { featuresOf, logitsOf, type TaughtHead, withTaughtHead } from "./taught_head.ts";

/** Forms that are kept beside the fast one; they share its constants, but for what they unfold. */
const KEPT_FORMS = 12;

/** Outlines that are kept: they are small, and planning asks for them over and over. */
const KEPT_OUTLINES = 32;

/** Which head rows need. */
export interface HeadChoice {
  /** Seed of the random head, or null for the given one. */
  readonly randomHead: number | null;
  /** Key of a taught head; absent: the model's own. */
  readonly head?: number;
}

/** Which form of the network rows need. */
export interface FormKey extends HeadChoice {
  /** Layers to be read though the fast form computes them in one step with others, sorted. */
  readonly unfold: readonly string[];
  /** Whether activations may be computed in one step with what feeds them. */
  readonly fuseActivations: boolean;
  /** Given where the head is applied to the output of every block of a transformer, not of the last one alone. */
  readonly readouts?: true;
}

/** What of a form is known without its constants. */
export interface FormOutline {
  readonly key: FormKey;
  readonly executor: { readonly graph: Graph };
  /** Null where the logits do not come from global average pooling and one dense layer. */
  readonly head: Head | null;
  /** Node of the row of numbers that the head reads; null: there is none. */
  readonly features: string | null;
  /** Makes logits of that row where no node of the graph does; null: the graph's logits are the head's. */
  readonly logitsOf: ((features: Float32Array) => Float32Array) | null;
  readonly outline: Outline;
  /** By node: how its values lie on the picture. */
  readonly grids: ReadonlyMap<string, Grid>;
  /** Whether the head is applied to the output of every block. */
  readonly readouts: boolean;
}

/** A form of the network, ready to compute. */
export interface Form extends FormOutline {
  readonly executor: Executor;
}

/** The form that most rows are computed in. */
export const FAST: FormKey = { unfold: [], fuseActivations: true, randomHead: null };

/** What forms are made with. */
export interface FormsOptions {
  /** Bytes that forms beside the fast one may take of constants that they do not share with it. */
  readonly bytes?: number;
  /** Whether the weights' numbers may move into the WebAssembly memory; see {@link Constants}. */
  readonly moveWeights?: boolean;
  /** Receives the share of the fast form's weights that lie in the memory, 0 to 1. */
  readonly onUpload?: (share: number) => void;
}

/** Makes forms when they are first asked for and forgets those that were not asked for longest. */
export class Forms {
  readonly fast: Form;
  readonly #plain: Graph;
  readonly #kernels: Kernels;
  readonly #constants: Constants;
  readonly #bytes: number;
  #outlines = new LruCache<string, FormOutline>(KEPT_OUTLINES);
  readonly #kept = new Map<string, Form>();
  readonly #heads = new Map<number, TaughtHead>();

  /** @param plain the graph as the layers say it */
  constructor(
    plain: Graph,
    kernels: Kernels,
    { bytes = Infinity, moveWeights = false, onUpload = () => {} }: FormsOptions = {},
  ) {
    this.#plain = plain;
    this.#kernels = kernels;
    this.#bytes = bytes;
    const fast = outlineOfForm(plain, FAST);
    const bytesOfAll = weightBytes(fast.executor.graph);
    let uploaded = 0;
    this.#constants = new Constants(kernels, {
      moveWeights,
      onUpload: (weight) => onUpload(Math.min(1, (uploaded += weight) / bytesOfAll)),
    });
    this.fast = this.#make(fast);
  }

  /** The taught head of a key, where there is one. */
  head(key: number): TaughtHead | undefined {
    return this.#heads.get(key);
  }

  /** Keeps a taught head under a key, or forgets it; forms with the one before are forgotten. */
  setHead(key: number, head: TaughtHead | null): void {
    const had = this.#heads.delete(key);
    if (head !== null) this.#heads.set(key, head);
    if (!had) return;
    this.#outlines = new LruCache(KEPT_OUTLINES);
    for (const [name, form] of this.#kept) {
      if (form.key.head !== key) continue;
      this.#kept.delete(name);
      form.executor.dispose();
    }
  }

  /** What of a form is known without making it. */
  outline(key: FormKey): FormOutline {
    const name = JSON.stringify(key);
    if (name === JSON.stringify(FAST)) return this.fast;
    return this.#outlines.getOrMake(
      name,
      () => this.#kept.get(name) ?? outlineOfForm(this.#plain, key, this.#taught(key)),
    );
  }

  /** The form for some rows. */
  take(key: FormKey): Form {
    const name = JSON.stringify(key);
    if (name === JSON.stringify(FAST)) return this.fast;
    const known = this.#kept.get(name);
    this.#kept.delete(name);
    if (known === undefined) this.#makeRoom(this.outline(key));
    const form = known ?? this.#make(this.outline(key));
    this.#kept.set(name, form);
    return form;
  }

  #taught({ head }: FormKey): TaughtHead | null {
    if (head === undefined) return null;
    const taught = this.#heads.get(head);
    if (taught !== undefined) return taught;
    throw new Error(`Cannot make a form: expected a head that was set, got ${head}`);
  }

  /** Forgets forms until another one fits. */
  #makeRoom(next: FormOutline): void {
    let bytes = this.#ownBytes(next);
    for (const form of this.#kept.values()) bytes += this.#ownBytes(form);
    for (const [name, form] of this.#kept) {
      if (this.#kept.size < KEPT_FORMS && bytes <= this.#bytes) return;
      this.#kept.delete(name);
      bytes -= this.#ownBytes(form);
      form.executor.dispose();
    }
  }

  /** Bytes of a form's constants that the fast one does not have. */
  #ownBytes({ executor: { graph } }: FormOutline): number {
    const shared = new Set(this.fast.executor.graph.nodes.flatMap(({ weights }) => Object.values(weights)));
    return constantBytes(graph, { native: this.#kernels.native !== null }, shared);
  }

  #make({ executor: { graph }, ...known }: FormOutline): Form {
    return { executor: new Executor(graph, this.#kernels, this.#constants), ...known };
  }
}

/** Bytes of the numbers of all weights, each once. */
function weightBytes({ nodes }: Graph): number {
  const weights = new Set(nodes.flatMap((node) => Object.values(node.weights)));
  return weights.values().reduce((sum, { values }) => sum + values.byteLength, 0);
}

/** Works out what a form computes. */
export function outlineOfForm(
  plain: Graph,
  key: FormKey,
  taught: TaughtHead | null = null,
): FormOutline {
  const { unfold, fuseActivations, randomHead, readouts } = key;
  const optimised = optimise(plain, { keep: unfold, fuseActivations });
  const own = taught === null ? optimised : withTaughtHead(optimised, taught);
  const isDense = taught?.kind !== "rows";
  const headed = randomHead === null || !isDense ? own : withHead(own, drawHead(own, randomHead));
  const graph = readouts === true ? withReadouts(headed) : headed;
  return {
    key,
    executor: { graph },
    head: findHead(graph),
    features: featuresOf(optimised),
    logitsOf: isDense ? null : logitsOf(taught, randomHead),
    outline: outlineOf(graph),
    grids: gridsOf(plain),
    readouts: readouts === true,
  };
}
