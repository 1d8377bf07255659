/** One self-contained page about the pictures of a run: nothing in it comes from elsewhere, and nothing in it runs. */
import { createHash } from "node:crypto";
import type { Picture } from "../engine/mod.ts";
import type { Explanation } from "../explain/mod.ts";
import { articleOf } from "./_article.ts";
import { contentsOf, introductionOf } from "./_contents.ts";
import { Html, html } from "./_html.ts";
import { gradientsOf } from "./_legend.ts";
import { methodsOf, modelOf } from "./_methods.ts";
import { heldOf } from "./_photo.ts";
import { REPORT_STYLE } from "./_style.ts";
import { trustTable } from "./_trust_table.ts";
import type { ModelFacts } from "./card.ts";
import { scalesOf } from "./scale.ts";

/** A picture's explanation with the picture. */
export interface Explained {
  readonly explanation: Explanation;
  /** What the model saw: the middle square at the input's size. */
  readonly picture: Picture;
}

/** What the page may do, as a Content-Security-Policy: show its own pictures in its own style. */
export const REPORT_POLICY = `default-src 'none'; img-src data:; style-src 'sha256-${
  createHash("sha256").update(REPORT_STYLE).digest("base64")
}'; base-uri 'none'; form-action 'none'`;

/**
 * Writes the page; the same explanations give the same page.
 *
 * @param all at least one, of the same plan
 * @param facts origin of the model, where it is known
 */
export function reportOf(all: readonly Explained[], facts: ModelFacts | null = null): string {
  const maps = all.flatMap(({ explanation }) => explanation.maps);
  const scales = scalesOf(maps);
  const drawn = [...scales.values()].filter(({ high }) => high > 0);
  const explanations = all.map(({ explanation }) => explanation);
  const { title, words } = introductionOf(explanations);
  return html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="${REPORT_POLICY}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>${title} · Gradcast report</title>
        ${new Html(`<style>${REPORT_STYLE}</style>`)}
      </head>
      <body>
    ${heldOf(all.map(({ picture }) => picture), gradientsOf(drawn))}
    <main>
    <header>
    <p class="brand">Gradcast report</p>
    <h1>${title}</h1>
    <p>${words}</p>
    </header>
    ${contentsOf(explanations)}
    ${trustTable(maps)}
    ${all.map((explained, index) =>
      articleOf(explained, { number: index + 1, only: all.length === 1, scales })
    )}
    ${methodsOf(explanations, scales)}
    ${modelOf(explanations, facts)}
    </main>
      </body>
    </html>
  `.text.trimStart();
}
