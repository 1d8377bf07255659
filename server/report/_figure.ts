/** One map of a page, with what its colours mean and what else is known of it. */
import { shortLabel } from "../../shared/labels.ts";
import { clarityWords } from "../../shared/clear_place.ts";
import { DIMMED_WORDS } from "../../shared/unsure.ts";
import type { ModelInfo } from "../../shared/protocol.ts";
import { type ExplainedMap, extent, whySentence } from "../explain/mod.ts";
import { headingOf, type Html, html } from "./_html.ts";
import { legendOf } from "./_legend.ts";
import { dataUri, photoOf, type Size } from "./_photo.ts";
import { trustOf } from "./_trust.ts";
import { encodeVeil, pictureOf } from "./overlay.ts";
import { explainedName } from "./explained_name.ts";
import { encodePng } from "./png.ts";
import { isEmpty, type Scale } from "./scale.ts";
import { madeOf, missed } from "./made.ts";
import { formatShare, formatTime, formatValue, sentence } from "./words.ts";

/** Where a map stands on the page. */
export interface FigurePlace {
  /** Number of its picture. */
  readonly number: number;
  /** Size of its picture, in pixels. */
  readonly size: Size;
  readonly scale: Scale;
  /** Level of its heading. */
  readonly level: 3 | 4 | 5;
  /** Whether its method stands in a heading above it. */
  readonly below: boolean;
  readonly model: Pick<ModelInfo, "head">;
  /** Whether the first prediction is no more than a guess. */
  readonly unsure: boolean;
}

/** Writes the figure of a map. */
export function figureOf(explained: ExplainedMap, place: FigurePlace): Html {
  const { options, target, map, elapsedMs, trust } = explained;
  const name = shortLabel(target.label);
  const [title, beside] = titleOf(explained, place);
  const words = html`${title} <span class="soft">${beside}</span>`;
  const heading = headingOf(place.level, words);
  const { min, max } = extent(map.values);
  const facts: [string, string][] = [
    ["Layer", map.layer ?? "none"],
    [
      "Map",
      `${map.height}×${map.width} cells: ${formatValue(min)} to ${formatValue(max)} ${place.scale.unit}`,
    ],
    ...madeOf(explained).map((words): [string, string] => ["Made of", words]),
    ...missed(explained).map((words): [string, string] => ["Completeness", words]),
    ["Time", formatTime(elapsedMs)],
  ];
  return html`<figure class="map">
${heading}
${shown(explained, place)}
<figcaption><dl>
${
    facts.map(([term, words]) =>
      html`
        <dt>${term}</dt>
        <dd>${words}</dd>
      `
    )
  }
</dl></figcaption>
${
    explained.reason === null ? null : html`
      <p>${whySentence(explained, explained.reason, place)}</p>
    `
  }
${trust === null ? null : trustOf(trust, name, options)}
</figure>`;
}

/** The heading and what stands beside it: below its method's heading a map is called by its class. */
function titleOf(explained: ExplainedMap, { below }: FigurePlace): readonly [string, string] {
  const { method, options, target, subject } = explained;
  if (subject === "network" && options["of"] !== "class") {
    const name = explainedName(explained);
    return below ? [name ?? method.name, ""] : [method.name, name ?? ""];
  }
  const name = shortLabel(target.label);
  const figures = `${target.index} · ${formatShare(target.probability)}`;
  return below ? [name, figures] : [method.name, `${name}, ${figures}`];
}

function shown(explained: ExplainedMap, { number, size, scale }: FigurePlace): Html {
  const { method, target, map, clarity, dimmed } = explained;
  const name = shortLabel(target.label);
  const own = pictureOf(explained, scale);
  if (own !== null) {
    const picture = html`
      <svg class="photo" viewBox="0 0 ${own.width} ${own.height}" role="img"
        aria-label="Picture that ${method.name} made">
        <image class="own" width="${own.width}" height="${own.height}" href="${dataUri(encodePng(own))}" />
      </svg>
    `;
    const silent = map.silent === true
      ? html`
        <p class="none">Nothing was found that activates it: the picture shows noise.</p>
      `
      : null;
    return html`${picture}${map.rgb === undefined ? legendOf(scale) : null}${silent}`;
  }
  if (isEmpty(explained)) {
    return html`${photoOf(number, size, `The picture; no evidence for ${name}`)}
<p class="none">No evidence for ${name}.</p>`;
  }
  const veil = html`
    <image class="veil" width="${size.width}" height="${size.height}" href="${dataUri(
      encodeVeil(explained, scale, size),
    )}" />
  `;
  return html`${photoOf(number, size, `The picture with the map of ${method.name} for ${name} over it`, veil)}
${legendOf(scale)}
${dimmed ? html`<p class="none">${sentence(DIMMED_WORDS)}</p>` : null}
${clarity === "clear" ? null : html`<p class="none">${sentence(clarityWords(clarity))}</p>`}`;
}
