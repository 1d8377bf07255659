/** What a part that wants gradients keeps of its forward pass, and the ends of its backward passes. */
import { locateLayer } from "../../graph/graph.ts";
import type { Way } from "../../graph/recording.ts";
import type { FormOutline } from "../network/forms.ts";
import { type Input, type Part, type WayBack, wayOf } from "./parts.ts";
import { scoredNode } from "../wants/backward_passes.ts";
import { keptBy } from "./forward_rows.ts";

type GradientsPart = Extract<Part, { kind: "gradients" }>;

/** A backward pass by the nodes that it begins and ends at. */
export interface Ends {
  readonly way: WayBack;
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
  form: Pick<FormOutline, "executor" | "head">,
  { ways, inputs }: GradientsPart,
): WaysThrough {
  const { graph } = form.executor;
  const ends = ways.map((way) => ({
    way,
    from: scoredNode(form, way.from),
    at: way.at === null ? graph.input : locateLayer(graph, way.at).name,
  }));
  const readers = inputs.map((input) => onlyWanted(input, null));
  const read = keptBy(form, readers).filter((name) => name !== graph.input);
  const way = {
    from: [...new Set([...ends.map(({ from }) => from), graph.logits])],
    to: [...new Set(ends.map(({ at }) => at))],
    also: read,
    redirects: ways.some(({ rule }) => rule === "redirected"),
  };
  return { way, ends, readers, read };
}

/** An input with the requests that go one way back, or with those that go none. */
export function onlyWanted(input: Input, way: WayBack | null): Input {
  const name = JSON.stringify(way);
  return { ...input, requests: input.requests.filter(({ want }) => JSON.stringify(wayOf(want)) === name) };
}
