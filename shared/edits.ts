/**
 * The Levenshtein distance of one short text to many others, by Myers' bit vectors: each character of the other text
 * takes a few operations on one integer (G. Myers, "A fast bit-vector algorithm for approximate string matching based
 * on dynamic programming", 1999; the form for whole texts by H. Hyyrö, 2003).
 */

/** Longest text whose distances can be asked for, in UTF-16 code units: its differences fit into one integer. */
export const MAX_EDITED_CHARS = 31;

/**
 * Returns a function that counts the characters to insert, delete or replace between `text` and another one.
 *
 * @throws RangeError for a text of more than `MAX_EDITED_CHARS`
 */
export function editsFrom(text: string): (other: string) => number {
  const { length } = text;
  if (length > MAX_EDITED_CHARS) {
    throw new RangeError(
      `Cannot count edits: expected a text of at most ${MAX_EDITED_CHARS} characters, got ${length}`,
    );
  }
  if (length === 0) return (other) => other.length;
  /** By character, the places where it stands. */
  const places = new Map<number, number>();
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    places.set(code, (places.get(code) ?? 0) | 1 << at);
  }
  const last = 1 << (length - 1);
  return (other) => {
    let more = -1;
    let less = 0;
    let edits = length;
    for (let at = 0; at < other.length; at++) {
      const equal = places.get(other.charCodeAt(at)) ?? 0;
      const vertical = equal | less;
      const horizontal = (((equal & more) + more) ^ more) | equal;
      let up = less | ~(horizontal | more);
      let down = more & horizontal;
      if ((up & last) !== 0) edits++;
      else if ((down & last) !== 0) edits--;
      // The first row of a whole text grows by one with every character.
      up = up << 1 | 1;
      down <<= 1;
      more = down | ~(vertical | up);
      less = up & vertical;
    }
    return edits;
  };
}
