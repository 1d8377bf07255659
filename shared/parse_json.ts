/** JSON from outside, no deeper than it is asked for: what walks over it afterwards goes down one call for each level. */

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_TABLE, CLOSE_TABLE] = Array.from(
  '"\\[]{}',
  (char) => char.charCodeAt(0),
);

/**
 * Parses JSON whose lists and tables are nested at most `depth` levels deep.
 *
 * @throws RangeError where it is deeper, SyntaxError where it is no JSON
 */
export function parseJson(text: string, depth: number): unknown {
  if (isDeeper(text, depth)) throw new RangeError(`expected JSON of at most ${depth} levels, got more`);
  return JSON.parse(text);
}

function isDeeper(text: string, most: number): boolean {
  let [depth, quoted] = [0, false];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) quoted = false;
    } else if (code === QUOTE) quoted = true;
    else if (code === OPEN_LIST || code === OPEN_TABLE) {
      if (++depth > most) return true;
    } else if (code === CLOSE_LIST || code === CLOSE_TABLE) depth--;
  }
  return false;
}
