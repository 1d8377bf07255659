/** The forms that one network is computed in: fast, with layers unfolded, without fused activations, with a random head. */
import { Constants } from "../graph/constants.ts";
import { Executor } from "../graph/executor.ts";
import type { Graph } from "../graph/graph.ts";
import type { Kernels } from "../graph/kernels.ts";
import { optimise } from "../graph/optimise.ts";
import { findHead, type Head } from "./head.ts";
import type { FormKey } from "./plan.ts";
import { drawHead, withHead } from "./random_head.ts";

/** Forms that are kept beside the fast one; they share its constants, but for what they unfold. */
const KEPT_FORMS = 6;

/** A form of the network, ready to compute. */
export interface Form {
  readonly executor: Executor;
  /** Null where the logits do not come from global average pooling and one dense layer. */
  readonly head: Head | null;
}

/** The form that most rows are computed in. */
export const FAST: FormKey = { unfold: [], fuseActivations: true, randomHead: null };

/** Makes forms when they are first asked for and forgets those that were not asked for longest. */
export class Forms {
  readonly fast: Form;
  readonly #plain: Graph;
  readonly #kernels: Kernels;
  readonly #constants: Constants;
  readonly #kept = new Map<string, Form>();

  /** @param plain the graph as the layers say it */
  constructor(plain: Graph, kernels: Kernels) {
    this.#plain = plain;
    this.#kernels = kernels;
    this.#constants = new Constants(kernels);
    this.fast = this.#make(FAST);
  }

  /** The form for some rows. */
  take(key: FormKey): Form {
    const name = JSON.stringify(key);
    if (name === JSON.stringify(FAST)) return this.fast;
    const form = this.#kept.get(name) ?? this.#make(key);
    this.#kept.delete(name);
    this.#kept.set(name, form);
    const [[oldest, { executor }] = [name, form]] = this.#kept;
    if (this.#kept.size > KEPT_FORMS) {
      this.#kept.delete(oldest);
      executor.dispose();
    }
    return form;
  }

  #make({ unfold, fuseActivations, randomHead }: FormKey): Form {
    const graph = optimise(this.#plain, { keep: unfold, fuseActivations });
    const own = randomHead === null ? graph : withHead(graph, drawHead(graph, randomHead));
    return { executor: new Executor(own, this.#kernels, this.#constants), head: findHead(own) };
  }
}
