/** One picture of a page: what was predicted, and its maps side by side. */
import { shortLabel } from "../../shared/labels.ts";
import type { Prediction } from "../../shared/protocol.ts";
import { areIndependent, INDEPENDENT_WORDS } from "../../shared/independent.ts";
import { knowsWords, unsureWords } from "../../shared/unsure.ts";
import type { ExplainedMap, Explanation } from "../explain/mod.ts";
import { figureOf } from "./_figure.ts";
import { headingOf, type Html, html } from "./_html.ts";
import type { Explained } from "./page.ts";
import { photoOf } from "./_photo.ts";
import { type Scale, scaleOf } from "./scale.ts";
import { fileName, formatShare, formatValue } from "./words.ts";

/** Where a picture stands on the page. */
export interface ArticlePlace {
  /** From 1. */
  readonly number: number;
  /** What its heading says. */
  readonly title: string;
  /** Level of that heading. */
  readonly level: 2 | 3;
  readonly scales: ReadonlyMap<string, Scale>;
}

/** Writes the part of one picture. */
export function articleOf(
  { explanation, picture }: Explained,
  { number, title, level, scales }: ArticlePlace,
): Html {
  const { image, maps, model, unsure } = explanation;
  const name = fileName(image);
  const families = [...Map.groupBy(maps, ({ method }) => method.id).values()];
  const several = families.some((family) => family.length > 1);
  const [below, lowest] = level === 2 ? [3, 4] as const : [4, 5] as const;
  const figures = (some: readonly ExplainedMap[], isBelow: boolean) =>
    some.map((explained) => {
      const scale = scales.get(explained.method.id) ?? scaleOf([explained]);
      return figureOf(explained, {
        ...{ number, size: picture, scale, below: isBelow, model, unsure },
        level: isBelow ? lowest : below,
      });
    });
  const groups = several
    ? families.map((family) =>
      html`
        <section class="family">
          ${headingOf(below, family[0]?.method.name ?? "")}
          <div class="maps">${figures(family, true)}</div>
        </section>
      `
    )
    : [html`<div class="maps">${figures(maps, false)}</div>`];
  return html`
    <article id="picture-${number}" aria-labelledby="title-${number}">
      ${headingOf(level, title, `title-${number}`)}
      <div class="top">
        <figure>${photoOf(number, picture, `The picture ${name} as the model saw it`)}
    <figcaption class="soft">${name === image ? "" : `${image}, `}${picture.width}×${picture
      .height} px as the model saw it</figcaption></figure>
        <div>${unsureOf(explanation)}${predictionsOf(
          explanation.predictions,
          maps,
        )}${areIndependent(explanation.model) ? html`<p class="soft">${INDEPENDENT_WORDS}</p>` : null}</div>
      </div>
      <div class="families">${groups}</div>
    </article>
  `;
}

/** Said above the predictions where the first is no more than a guess. */
function unsureOf({ unsure, predictions: [first], model }: Explanation): Html | null {
  if (!unsure || first === undefined) return null;
  return html`<p><strong>${
    unsureWords(shortLabel(first.label), formatShare(first.probability))
  }</strong><br>${knowsWords(model)}</p>`;
}

/** Writes the part of a picture that could not be explained; `reason` is a sentence. */
export function failureOf(reason: string, { number, title, level }: Omit<ArticlePlace, "scales">): Html {
  return html`
    <article id="picture-${number}" aria-labelledby="title-${number}">
      ${headingOf(level, title, `title-${number}`)}
      <p class="none">Not explained. ${reason}.</p>
    </article>
  `;
}

/** The ranking; a class that is explained but not among the first stands below them. */
function predictionsOf(predictions: readonly Prediction[], maps: readonly ExplainedMap[]): Html {
  const explained = new Map(maps.map(({ target }) => [target.index, target]));
  const further = [...explained.values()].filter(({ index }) =>
    !predictions.some((one) => one.index === index)
  );
  const lines = [...predictions, ...further].map(({ index, label, probability, logit }) =>
    html`
      <tr${explained.has(index)
        ? html`
          class="target"
        `
        : null}>
        <th scope="row">${label} <span class="soft">${index}</span></th>
        <td class="bar">
          <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
            <rect class="track" width="100" height="6" />
            <rect class="fill" width="${(100 * probability).toFixed(1)}" height="6" />
          </svg>
        </td>
        <td>${formatShare(probability)}</td>
        <td class="soft">${formatValue(logit)}</td>
        </tr>
    `
  );
  return html`
    <table class="predictions">
      <caption>Predictions; what is explained stands out</caption>
      <thead>
        <tr>
          <th scope="col">Class</th>
          <td class="bar"></td>
          <th scope="col">Probability</th>
          <th scope="col">Logit</th>
        </tr>
      </thead>
      <tbody>
    ${lines}
      </tbody>
    </table>
  `;
}
