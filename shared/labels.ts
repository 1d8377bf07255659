/** Class labels: "goldfish, Carassius auratus" is a list of names, of which the first is the common one. */

/** Names in an error at most. */
const MAX_SUGGESTIONS = 3;

/** A name this many edits away, relative to the longer text, still counts as a near miss. */
const MAX_EDIT_SHARE = 0.4;

/** Returns the form in which texts are compared: Unicode NFC, lower case, single spaces. */
export function comparable(text: string): string {
  return text.toWellFormed().toLowerCase().normalize("NFC").trim().replace(/\s+/g, " ");
}

/** Returns the names of a label, in their order and as they are written. */
export function namesOf(label: string): string[] {
  return label.split(",").map((name) => name.trim()).filter((name) => name !== "");
}

/** Returns the first name of a label; "" for a label without any. */
export function shortLabel(label: string): string {
  return namesOf(label)[0] ?? "";
}

/** Returns the classes whose first name another class has as well, in ascending order. */
export function sharedNames(labels: readonly string[]): number[] {
  const classes = Map.groupBy(labels.keys(), (index) => comparable(shortLabel(labels[index] ?? "")));
  return [...classes.values()].filter(({ length }) => length > 1).flat().sort((a, b) => a - b);
}

/**
 * Returns a class's name for people: the first of its label, with the index behind it where the name alone does not
 * say which class is meant.
 */
export function className(index: number, label: string, shared: readonly number[]): string {
  const name = shortLabel(label);
  if (name === "") return `class ${index}`;
  return shared.includes(index) ? `${name} (${index})` : name;
}

/** Names that contain the text or are a few edits away from it, the nearest first. */
export function nearNames(labels: readonly string[], text: string, count = MAX_SUGGESTIONS): string[] {
  const wanted = comparable(text);
  if (wanted === "") return [];
  const scored = new Map<string, number>();
  for (const name of labels.flatMap(namesOf)) {
    const score = distance(comparable(name), wanted);
    if (score <= MAX_EDIT_SHARE) scored.set(name, score);
  }
  return [...scored].sort((a, b) => a[1] - b[1]).slice(0, count).map(([name]) => name);
}

/** How far apart two texts are, 0…1; one that contains the other is nearer than any with edits inside. */
function distance(name: string, wanted: string): number {
  const longer = Math.max(name.length, wanted.length);
  const shorter = Math.min(name.length, wanted.length);
  const contained = shorter >= 3 && (name.includes(wanted) || wanted.includes(name));
  if (contained) return (longer - shorter) / (longer * 100);
  if ((longer - shorter) / longer > MAX_EDIT_SHARE) return 1;
  return edits(name, wanted) / longer;
}

/** Levenshtein distance. */
function edits(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(change, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
