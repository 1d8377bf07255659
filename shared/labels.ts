/** Classes by name: what a person types, looked up among a model's labels; both sides use it. */
import { GradcastError } from "./errors.ts";

/** Labels named in an error at most. */
const MAX_SUGGESTIONS = 3;

/** A label this many edits away, relative to the longer text, still counts as a near miss. */
const MAX_EDIT_SHARE = 0.4;

/**
 * Finds the class that `text` names, or null: by its whole label, by one of the label's comma-separated
 * names, both in any case, or by its index. The first class wins where several share a name; the others
 * have their index.
 */
export function findClass(labels: readonly string[], text: string): number | null {
  const wanted = normal(text);
  if (wanted === "") return null;
  const whole = labels.findIndex((label) => normal(label) === wanted);
  if (whole >= 0) return whole;
  const named = labels.findIndex((label) => namesOf(label).some((name) => normal(name) === wanted));
  if (named >= 0) return named;
  const index = /^\d+$/.test(wanted) ? Number(wanted) : NaN;
  return index < labels.length ? index : null;
}

/**
 * Looks up a class by label, name or index.
 *
 * @throws GradcastError `unknown-class`, with the labels that come near
 */
export function classOf(labels: readonly string[], text: string): number {
  const index = findClass(labels, text);
  if (index !== null) return index;
  const range = `0 to ${labels.length - 1}`;
  if (/^-?\d+$/.test(text.trim())) {
    throw new GradcastError(
      "unknown-class",
      `Cannot lock the class as the model has the indexes ${range}: current value is ${text.trim()}`,
    );
  }
  const near = nearNames(labels, text);
  const hint = near.length === 0
    ? `use a label of the model or an index from ${range}`
    : `did you mean ${near.map((name) => `'${name}'`).join(", ")}`;
  throw new GradcastError("unknown-class", `Cannot lock the class as no label is '${text}': ${hint}`);
}

/** Names that contain the text or are a few edits away from it, the nearest first. */
export function nearNames(labels: readonly string[], text: string, count = MAX_SUGGESTIONS): string[] {
  const wanted = normal(text);
  if (wanted === "") return [];
  const scored = new Map<string, number>();
  for (const name of labels.flatMap(namesOf)) {
    const score = distance(normal(name), wanted);
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

function namesOf(label: string): string[] {
  return label.split(",").map((name) => name.trim()).filter((name) => name !== "");
}

function normal(text: string): string {
  return text.trim().replace(/\s+/g, " ").toLowerCase();
}
