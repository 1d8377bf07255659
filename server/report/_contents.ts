/** What a page holds: its title, a sentence, and the way to each of several pictures. */
import { shortLabel } from "../../shared/labels.ts";
import { unsureWords } from "../../shared/unsure.ts";
import type { Explanation } from "../explain/mod.ts";
import { Html, html } from "./_html.ts";
import { photoOf } from "./_photo.ts";
import { counted, fileName, formatShare } from "./words.ts";

/** Title and first sentence. */
export function introductionOf(explanations: readonly Explanation[]): { title: string; words: Html } {
  const [first] = explanations;
  const maps = first?.maps ?? [];
  const methods = [...new Set(maps.map(({ method }) => method.name))];
  const classes = [...new Set(maps.map(({ classText }) => classText))];
  const title = explanations.length === 1 && first !== undefined
    ? fileName(first.image)
    : counted(explanations.length, "picture");
  const what = methods.length === 1 ? methods[0] ?? "" : counted(methods.length, "method");
  const which = classes.length === 1 ? "one class" : counted(classes.length, "class");
  const scales = maps.length * explanations.length === 1 ? "" : " All maps of one method share one scale.";
  const name = first?.model.name ?? "";
  return {
    title,
    words: html`
      What ${name} sees, and where the evidence lies: ${what}, ${which}.${scales} <span
        class="hint">Point at a map to see the picture beneath.</span>
    `,
  };
}

/** Links to the pictures, where there are several. */
export function contentsOf(explanations: readonly Explanation[]): Html | null {
  if (explanations.length < 2) return null;
  const entries = explanations.map(({ image, predictions, unsure, model }, index) => {
    const [top] = predictions;
    const name = shortLabel(top?.label ?? "");
    const share = formatShare(top?.probability ?? 0);
    const words = top === undefined ? "" : unsure ? unsureWords(name, share) : `${name} ${share}`;
    return html`<li><a href="#picture-${index + 1}">${photoOf(index + 1, model, "")}<span><b>${
      fileName(image)
    }</b><span class="soft">${words}</span></span></a></li>`;
  });
  return html`
    <nav aria-label="Pictures">
      <ol>
    ${entries}
      </ol>
    </nav>
  `;
}
