/** English plurals, as far as a search among class names needs them. */

/** Plurals that no rule makes. */
const IRREGULAR: ReadonlyMap<string, string> = new Map([
  ["children", "child"],
  ["dice", "die"],
  ["feet", "foot"],
  ["geese", "goose"],
  ["lice", "louse"],
  ["men", "man"],
  ["mice", "mouse"],
  ["oxen", "ox"],
  ["people", "person"],
  ["teeth", "tooth"],
  ["women", "woman"],
]);

/** Shortest word that is taken for a plural: "gas" and "bus" are none. */
const MIN_PLURAL = 4;

/**
 * Returns what a lower-case word may stand for: itself and every singular that it may be the plural of. Some are no
 * words at all ("lens" gives "len"), which costs nothing where they are only looked up.
 */
export function wordForms(word: string): string[] {
  const irregular = IRREGULAR.get(word);
  if (irregular !== undefined) return [word, irregular];
  const compound = /^(.+)(?:men|women)$/.exec(word);
  if (compound !== null) return [word, word.replace(/men$/, "man")];
  if (word.length < MIN_PLURAL || !word.endsWith("s") || word.endsWith("ss")) return [word];
  const forms = [word, word.slice(0, -1)];
  if (/(?:s|x|z|ch|sh|o)es$/.test(word)) forms.push(word.slice(0, -2));
  if (/[^aeiou]ies$/.test(word)) forms.push(`${word.slice(0, -3)}y`);
  if (word.endsWith("ves")) forms.push(`${word.slice(0, -3)}f`, `${word.slice(0, -3)}fe`);
  return forms;
}
