/** Names of classes out of a text that people paste or drop. Pure. */

/** What a text says. */
export type ReadLabels =
  | { readonly kind: "none" }
  | { readonly kind: "read"; readonly labels: readonly string[] };

/** A line that begins with its number: "0 tench", "0: tench", "0,tench". */
const NUMBERED = /^(\d+)\s*[:,;\t ]\s*(.+)$/;

/** Reads one name a line, or JSON: a list, or an object from index to name. Numbers in front of all lines are left out. */
export function readLabels(text: string): ReadLabels {
  const trimmed = text.trim();
  if (trimmed === "") return { kind: "none" };
  const labels = /^[[{]/.test(trimmed) ? ofJson(trimmed) : null;
  return { kind: "read", labels: labels ?? ofLines(trimmed) };
}

function ofJson(text: string): readonly string[] | null {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value.map(nameOf);
    if (typeof value !== "object" || value === null) return null;
    const entries = new Map(Object.entries(value));
    const names = Array.from({ length: entries.size }, (_, index) => entries.get(String(index)));
    return names.includes(undefined) ? null : names.map(nameOf);
  } catch {
    return null;
  }
}

/** `["n01440764", "tench"]` names a class by its last part. */
function nameOf(value: unknown): string {
  return Array.isArray(value) ? String(value.at(-1)) : String(value);
}

function ofLines(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "");
  const numbered = lines.map((line) => NUMBERED.exec(line));
  const isNumbered = numbered.every((match, index) =>
    match !== null && (Number(match[1]) === index || Number(match[1]) === index + 1)
  );
  return isNumbered ? numbered.map((match) => match?.[2]?.trim() ?? "") : lines;
}

/** What is said of so many names for a model of so many classes; null where they fit. */
export function countProblem(labels: readonly string[], classes: number): string | null {
  if (labels.length === classes) return null;
  return `${labels.length.toLocaleString("en")} names, but the model has ${
    classes.toLocaleString("en")
  } classes. ` +
    "Give one name for each class, in the order of the outputs.";
}
