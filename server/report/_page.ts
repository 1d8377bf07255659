/** The frame of a page: what stands around its pictures. */
import { createHash } from "node:crypto";
import { Html, html } from "./_html.ts";
import { REPORT_STYLE } from "./_style.ts";

/** What the page may do, as a Content-Security-Policy: show its own pictures in its own style. */
export const REPORT_POLICY = `default-src 'none'; img-src data:; style-src 'sha256-${
  createHash("sha256").update(REPORT_STYLE).digest("base64")
}'; base-uri 'none'; form-action 'none'`;

/** What comes before the first picture. */
export function headOf(title: string, words: Html, more: Html | null): string {
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
        <main>
    <header>
    <p class="brand">Gradcast report</p>
    <h1>${title}</h1>
    <p>${words}</p>
    </header>
    ${more}
  `.text.trimStart();
}

/** What comes last. */
export const PAGE_END: Html = new Html("</main>\n</body>\n</html>\n");
