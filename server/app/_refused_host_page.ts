/** What a browser shows of an address with a name that the server does not answer to (H9). */

/**
 * A page without scripts, styles or data, in the colours that the browser is set to.
 *
 * @param message what was refused, and what to do
 */
export function refusedHostPage(message: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Unknown address · Gradcast</title>
<h1>Gradcast does not know this address</h1>
<p>${escaped(message)}</p>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
