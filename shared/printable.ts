/**
 * Texts from outside in a terminal. Names of models, layers, classes and files may hold control characters, which a
 * terminal obeys: they clear the screen, change its title or forge lines. They are shown as `\u001b`, which is the
 * same text still where it stands in JSON.
 */

/** Unicode's control characters (C0, DEL, C1), line separators, marks of direction, byte order mark. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

const ESCAPE = "\x1b";

/** What the terminal's own texts hold beside lines: colours (SGR), a return to the line's start, clearing to its end. */
const OWN = new RegExp(`(\n|\r|${ESCAPE}\\[[\\d;]*m|${ESCAPE}\\[K)`, "u");

/** A text in one line without anything that a terminal obeys. */
export function printable(text: string): string {
  return text.replace(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Lines that may hold colours and a progress bar's control sequences, without anything else that a terminal obeys. */
export function printableLines(text: string): string {
  return text.split(OWN).map((part, at) => at % 2 === 1 ? part : printable(part)).join("");
}
