/** Class names that exporters write into a model's metadata. */
import type { SourceModel } from "../source_model.ts";

/** Entries that class names are looked for in: Ultralytics writes `names`, others one of these. */
const ENTRIES = ["names", "classes", "class_names", "labels"];

const MAX_TEXT = 2 ** 20;
const MAX_LABEL = 500;
const MAX_LABELS = 100_000;

/** Finds the class names: JSON, or Python's dictionary of numbers and names, or a list with commas or lines. */
export function labelsOf(metadata: ReadonlyMap<string, string>): SourceModel["labels"] {
  for (const entry of ENTRIES) {
    const text = metadata.get(entry);
    if (text === undefined || text.length > MAX_TEXT) continue;
    const names = fromJson(text) ?? fromPython(text) ?? fromLines(text);
    if (names === null || names.length < 2 || names.length > MAX_LABELS) continue;
    return { names: names.map((name) => name.slice(0, MAX_LABEL)), from: `metadata "${entry}"` };
  }
  return null;
}

function fromJson(text: string): readonly string[] | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const list = Array.isArray(value)
    ? value
    : typeof value === "object" && value !== null
    ? inOrder(value)
    : null;
  return list !== null && list.every((name) => typeof name === "string") ? list as string[] : null;
}

function inOrder(value: object): readonly unknown[] | null {
  const names = new Map(Object.entries(value).map(([key, name]) => [Number(key), name as unknown]));
  const list = Array.from({ length: names.size }, (_, at) => names.get(at));
  return list.includes(undefined) ? null : list;
}

/** `{0: 'tench', 1: "lion's mane"}` */
function fromPython(text: string): readonly string[] | null {
  if (!/^\s*\{.*\}\s*$/su.test(text)) return null;
  const names = new Map<number, string>();
  for (
    const [, key, single, double] of text.matchAll(
      /(\d+)\s*:\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/gu,
    )
  ) {
    names.set(Number(key), (single ?? double ?? "").replaceAll(/\\(.)/gu, "$1"));
  }
  const list = Array.from({ length: names.size }, (_, at) => names.get(at));
  return list.every((name) => name !== undefined) ? list : null;
}

function fromLines(text: string): readonly string[] | null {
  if (/^\s*[[{]/u.test(text)) return null;
  const parts = text.split(text.includes("\n") ? "\n" : ",").map((part) => part.trim());
  return parts.every((part) => part !== "") ? parts : null;
}
