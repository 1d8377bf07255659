/** The frame of a page: what stands around what it reports. */
import { createHash } from "node:crypto";
import { Html, html } from "./_html.ts";
import { REPORT_STYLE } from "./_style.ts";

/** A page's style, and what the page may do with it. */
export interface Framing {
  readonly style: string;
  /** As a Content-Security-Policy. */
  readonly policy: string;
}

/** Lets a page use its own style, and what `more` allows; nothing else. */
export function framingOf(style: string, more: string = ""): Framing {
  const hash = createHash("sha256").update(style).digest("base64");
  return {
    style,
    policy: `default-src 'none'; ${more}style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
  };
}

/** Of pages with pictures. */
const OF_PICTURES = framingOf(REPORT_STYLE, "img-src data:; ");

/** What a page with pictures may do, as a Content-Security-Policy: show its own pictures in its own style. */
export const REPORT_POLICY = OF_PICTURES.policy;

/** What comes before the first picture. */
export function headOf(title: string, words: Html, more: Html | null): string {
  return framedHead(title, OF_PICTURES, html`<p>${words}</p>`, more);
}

/** What comes before everything else: the header holds the title and `lead`, `more` stands below it. */
export function framedHead(
  title: string,
  { style, policy }: Framing,
  lead: Html,
  more: Html | null,
): string {
  return html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="${policy}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>${title} · Gradcast report</title>
        ${new Html(`<style>${style}</style>`)}
      </head>
      <body>
        <main>
    <header>
    <p class="brand">Gradcast report</p>
    <h1>${title}</h1>
    ${lead}
    </header>
    ${more}
  `.text.trimStart();
}

/** What comes last. */
export const PAGE_END: Html = new Html("</main>\n</body>\n</html>\n");
