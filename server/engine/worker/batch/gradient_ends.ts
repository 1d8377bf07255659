/** What a part that wants gradients keeps of its forward pass, and the ends of its backward passes. */
import { locateLayer } from "../../graph/graph.ts";
import type { Way } from "../../graph/recording.ts";
import type { FormOutline } from "../network/forms.ts";
import { backwardPassOf, type Input, type Part } from "./parts.ts";
import type { BackwardPass } from "../wants/want.ts";
import { scoredNode } from "../wants/backward_passes.ts";
import { keptBy } from "./forward_rows.ts";

type GradientsPart = Extract<Part, { kind: "gradients" }>;

/** A backward pass by the nodes that it begins and ends at. */
export interface Ends {
  readonly pass: BackwardPass;
  readonly from: string;
  readonly at: string;
}

/** What is recorded, and what is read of it. */
export interface WaysThrough {
  readonly way: Way;
  readonly ends: readonly Ends[];
  /** The part's inputs with the requests that want no gradient. */
  readonly readers: readonly Input[];
  /** Nodes that these read, the graph's input left out. */
  readonly read: readonly string[];
}

/** Works out a part's backward passes. */
export function wayThrough(
  form: Pick<FormOutline, "executor" | "head" | "features">,
  { backward, inputs }: GradientsPart,
): WaysThrough {
  const { graph } = form.executor;
  const ends = backward.map((pass) => ({
    pass,
    from: scoredNode(form, pass.from),
    at: pass.at === null ? graph.input : locateLayer(graph, pass.at).name,
  }));
  const readers = inputs.map((input) => onlyWanted(input, null));
  const read = keptBy(form, readers).filter((name) => name !== graph.input);
  const way = {
    from: [...new Set([...ends.map(({ from }) => from), graph.logits])],
    to: [...new Set(ends.map(({ at }) => at))],
    also: read,
    redirects: backward.some(({ rule }) => rule === "redirected"),
  };
  return { way, ends, readers, read };
}

/** An input with the requests for one backward pass, or with those for none. */
export function onlyWanted(input: Input, pass: BackwardPass | null): Input {
  const name = JSON.stringify(pass);
  return {
    ...input,
    requests: input.requests.filter(({ want }) => JSON.stringify(backwardPassOf(want)) === name),
  };
}
