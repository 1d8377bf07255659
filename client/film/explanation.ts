/** What explains a picture, ready to be drawn over it. Pure. */
import { filmCaption } from "../stage/film_caption.ts";
import type { Layer } from "../stage/composer.ts";
import { headlineWithNumber } from "../ui/headline.ts";
import { nameOf } from "../view/labels.ts";
import type { FrameFacts } from "./take_record.ts";

/** A frame's facts, and how they are drawn. */
export interface Explanation {
  readonly facts: FrameFacts;
  readonly layer: Layer;
}

/**
 * Makes an explanation of a frame's facts.
 *
 * @param weights share of each of the map's cells that is drawn, 0…1, or null for all of it
 * @param captioned whether a caption says in words what is seen
 */
export function explanationOf(
  facts: FrameFacts,
  weights: Float32Array | null,
  captioned: boolean,
): Explanation {
  const { map, seen: { shading, opacity, network, view: { cover = null } } } = facts;
  const caption = captioned ? captionOf(facts) : null;
  return { facts, layer: { map, weights, shading, opacity, network, cover, caption } };
}

function captionOf({ map, result, seen }: FrameFacts): Layer["caption"] {
  return filmCaption({
    ...seen,
    // The colours of a picture in colours are its own.
    shading: map.rgb === null ? seen.shading : null,
    headline: (result === null ? null : headlineWithNumber(result.ranking, "  ", (row) =>
      nameOf(row, seen))) ?? "",
    target: result === null ? null : nameOf(result.target, seen),
  });
}
