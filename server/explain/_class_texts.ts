/** A list of classes in words, taken apart: labels may hold commas themselves. */
import { GradcastError } from "../../shared/errors.ts";
import { classOf, fullClassText, readClass } from "../../shared/class_text.ts";
import { TOP_CLASSES } from "../../shared/limits.ts";
import type { Target } from "../../shared/protocol.ts";

/** One class as it was asked for. */
export interface ClassRequest {
  readonly text: string;
  readonly target: Exclude<Target, { kind: "label" }>;
  /** Says which other classes have that name too, or null. */
  readonly note: string | null;
}

/** The parts of a list; the whole text may still be one label. */
export function partsOf(text: string): string[] {
  return text.split(",").map((part) => part.trim()).filter((part) => part !== "");
}

/**
 * Refuses a rank that no ranking has, which needs no model.
 *
 * @throws GradcastError `unknown-class`
 */
export function checkRanks(text: string): void {
  for (const part of partsOf(text)) rankOf(part);
}

/**
 * Takes a list apart: a run of parts that is a whole label of the model, the longest first, else each part by itself;
 * what is asked for twice counts once.
 *
 * @throws GradcastError `unknown-class`, or `ambiguous-class` for a name of several classes
 */
export function readClasses(labels: readonly string[], text: string): ClassRequest[] {
  const parts = partsOf(text);
  const requests = new Map<string, ClassRequest>();
  for (let first = 0; first < parts.length;) {
    const words = longestLabel(labels, parts, first);
    const request = requestOf(labels, words.join(", "));
    const key = JSON.stringify(request.target);
    if (!requests.has(key)) requests.set(key, request);
    first += words.length;
  }
  if (requests.size > 0) return [...requests.values()];
  throw new GradcastError(
    "unknown-class",
    `Cannot explain the class: expected a name or an index, got '${text}'`,
  );
}

function longestLabel(labels: readonly string[], parts: readonly string[], first: number): readonly string[] {
  for (let end = parts.length; end > first + 1; end--) {
    const words = parts.slice(first, end);
    const { kind } = readClass(labels, words.join(", "));
    if (kind === "class" || kind === "several") return words;
  }
  return parts.slice(first, first + 1);
}

function requestOf(labels: readonly string[], text: string): ClassRequest {
  const rank = rankOf(text);
  if (rank !== null) return { text, target: { kind: "rank", rank }, note: null };
  const index = classOf(labels, text);
  const reading = readClass(labels, text);
  const others = reading.kind === "class" ? reading.others : [];
  const note = others.length === 0
    ? null
    : `'${text}' is class ${index}; ${others.map((one) => fullClassText(labels, one)).join(" and ")} ` +
      `${others.length === 1 ? "has" : "have"} that name too`;
  return { text, target: { kind: "class", index }, note };
}

/** The rank that a text names, or null for a class. */
function rankOf(text: string): number | null {
  const digits = /^top(\d+)$/i.exec(text)?.[1];
  if (digits === undefined) return null;
  const rank = Number(digits);
  if (rank >= 1 && rank <= TOP_CLASSES) return rank;
  throw new GradcastError(
    "unknown-class",
    `Cannot follow the rank: expected top1 to top${TOP_CLASSES}, got '${text}'`,
  );
}
