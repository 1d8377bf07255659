/** What a new pane begins with: something that is not there yet. Pure. */
import type { MethodInfo, View } from "../../../shared/protocol.ts";
import type { PaneContent } from "../../view/pane_content.ts";
import { ofModel } from "./pane_set.ts";

/** What can be added, with the words of the menu, in its order. */
export const NEW_PANES = [
  ["class", "Another class"],
  ["method", "Another method"],
  ["model", "Another model"],
  ["contrast", "Why one rather than another"],
  ["original", "The picture itself"],
] as const;
export type NewPane = typeof NEW_PANES[number][0];

/** What is there already. */
export interface Shown {
  /** The main pane's view. */
  readonly current: Pick<View, "model" | "method" | "target">;
  /** Ids of the models of the server. */
  readonly models: readonly string[];
  readonly methods: readonly Pick<MethodInfo, "id" | "subject">[];
  /** The other panes. */
  readonly contents: readonly PaneContent[];
}

/** Returns the content of a new pane. */
export function newContent(what: NewPane, { current, models, methods, contents }: Shown): PaneContent {
  const map = { kind: "map", method: current.method, layer: null, options: {}, against: null } as const;
  switch (what) {
    case "class": {
      const ranks = contents.flatMap((one) =>
        one.kind === "map" && one.target.kind === "rank" ? [one.target.rank] : []
      );
      const rank = [2, 3, 4, 5].find((one) => !ranks.includes(one)) ?? 2;
      return { ...map, target: { kind: "rank", rank } };
    }
    case "method": {
      const used = new Set([
        current.method,
        ...contents.flatMap((one) => one.kind === "map" ? [one.method] : []),
      ]);
      const next = methods.find(({ id, subject }) => subject === "picture" && !used.has(id));
      return { ...map, method: next?.id ?? current.method, target: current.target };
    }
    case "model": {
      const used = new Set([
        current.model,
        ...contents.flatMap((one) => one.kind === "map" && one.model !== undefined ? [one.model] : []),
      ]);
      const model = models.find((id) => !used.has(id)) ?? models.find((id) => id !== current.model);
      return {
        ...map,
        ...(model !== undefined && { model }),
        target: ofModel(current.target, current.model),
      };
    }
    case "contrast":
      return { ...map, target: { kind: "rank", rank: 1 }, against: { kind: "rank", rank: 2 } };
    case "original":
      return { kind: "original" };
    default: {
      const _never: never = what;
      return _never;
    }
  }
}
