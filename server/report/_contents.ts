/** What a page holds: its title, a sentence, and the way to each of several pictures. */
import { shortLabel } from "../../shared/labels.ts";
import { unsureWords } from "../../shared/unsure.ts";
import type { Explanation } from "../explain/mod.ts";
import { Html, html } from "./_html.ts";
import { photoOf } from "./_photo.ts";
import type { ReportSubject } from "./page.ts";
import { counted, fileName, formatShare } from "./words.ts";

/** Title and first sentence. */
export function introductionOf({ images, model, maps }: ReportSubject): { title: string; words: Html } {
  const methods = [...new Set(maps.map(({ method }) => method))];
  const classes = [...new Set(maps.map(({ classText }) => classText))];
  const [only = ""] = images;
  const several = images.length > 1;
  const title = several ? counted(images.length, "picture") : fileName(only);
  const what = methods.length === 1 ? methods[0] ?? "" : counted(methods.length, "method");
  const which = classes.length === 1 ? "one class" : counted(classes.length, "class");
  const scales = maps.length === 1 && !several
    ? ""
    : several
    ? " Each picture's maps of one method share one scale."
    : " All maps of one method share one scale.";
  return {
    title,
    words: html`
      What ${model.name} sees, and where the evidence lies: ${what}, ${which}.${scales} <span
        class="hint">Point at a map to see the picture beneath.</span>
    `,
  };
}

/** A picture as the list of all names it. */
export interface ContentsEntry {
  readonly image: string;
  /** Its first class, or that it could not be explained. */
  readonly words: string;
}

/** What the list says of a picture. */
export function entryOf({ image, predictions: [top], unsure }: Explanation): ContentsEntry {
  const name = shortLabel(top?.label ?? "");
  const share = formatShare(top?.probability ?? 0);
  return { image, words: top === undefined ? "" : unsure ? unsureWords(name, share) : `${name} ${share}` };
}

/** Where the list of several pictures is found: it stands behind them, as it says what was found in them. */
export function contentsLink({ images }: ReportSubject): Html | null {
  return images.length < 2 ? null : html`
    <p><a href="#pictures">All pictures at a glance</a></p>
  `;
}

/** Links to the pictures, where there are several. */
export function contentsOf(
  entries: readonly ContentsEntry[],
  { model }: Pick<ReportSubject, "model">,
): Html | null {
  if (entries.length < 2) return null;
  const items = entries.map(({ image, words }, index) =>
    html`<li><a href="#picture-${index + 1}">${photoOf(index + 1, model, "")}<span><b>${
      fileName(image)
    }</b><span class="soft">${words}</span></span></a></li>`
  );
  return html`
    <nav id="pictures" aria-label="Pictures">
      <ol>
    ${items}
      </ol>
    </nav>
  `;
}
