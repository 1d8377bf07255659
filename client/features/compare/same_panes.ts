/** Which panes show the same map, by the definitions of their methods. Pure. */
import { type Cover, sameCover } from "../../../shared/cover.ts";
import type { SameMaps, View } from "../../../shared/protocol.ts";
import { type SameMapFacts, sameMapsOf, shownOf } from "../../methods/same_maps.ts";
import type { MapContent } from "../../view/pane_content.ts";

/** What is shown, the main pane's map in front. */
export interface ShownMaps {
  readonly main: Pick<View, "model" | "method" | "target" | "layer" | "options" | "cover">;
  readonly panes: readonly MapContent[];
  /** What is known of a model, or of the main pane's; null: nothing yet. */
  readonly factsOf: (model: string | undefined) => SameMapFacts | null;
}

/** A map, with what has to be equal for two maps to be the same. */
interface Shown {
  readonly method: string;
  readonly same: SameMaps;
  readonly key: string;
  readonly cover: Cover | null;
}

/** Methods of which two panes or more show the same map; null: none do. */
export function samePanes({ main, panes, factsOf }: ShownMaps): SameMaps | null {
  const { model, method, target, layer = null, options, cover = null } = main;
  const first: MapContent = { kind: "map", method, target, layer, options, against: null, cover };
  const shown = [first, ...panes].flatMap((content): readonly Shown[] => {
    const own = content.model ?? model;
    const facts = factsOf(own === model ? undefined : own);
    const same = facts === null ? null : sameMapsOf(facts, content);
    if (same === null) return [];
    const { target, against, options: { score = "logit", signed = false } } = content;
    const key = JSON.stringify([own, target, against, score, signed]);
    return [{
      method: content.method,
      same,
      key,
      cover: content.cover === undefined ? cover : content.cover,
    }];
  });
  for (const one of shown) {
    const alike = shown.filter(({ key, cover }) => key === one.key && sameCover(cover, one.cover));
    const found = shownOf(one.same, alike.map(({ method }) => method));
    if (found !== null) return found;
  }
  return null;
}
