/** A list of classes in words, taken apart: labels may hold commas themselves. */
import { GradcastError } from "../../shared/errors.ts";
import { findClass } from "../../shared/labels.ts";
import { TOP_CLASSES } from "../../shared/limits.ts";
import type { Target } from "../../shared/protocol.ts";

/** One class as it was asked for. */
export interface ClassRequest {
  readonly text: string;
  readonly target: Target;
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
  for (const part of partsOf(text)) targetOf(part);
}

/**
 * Takes a list apart: a run of parts that is a whole label of the model, the longest first, else each part by itself;
 * what is asked for twice counts once.
 *
 * @throws GradcastError `unknown-class` for a rank that no ranking has
 */
export function readClasses(labels: readonly string[], text: string): ClassRequest[] {
  const parts = partsOf(text);
  const requests = new Map<string, ClassRequest>();
  for (let first = 0; first < parts.length;) {
    const words = longestLabel(labels, parts, first);
    const name = words.join(", ");
    const key = name.toLowerCase();
    if (!requests.has(key)) requests.set(key, { text: name, target: targetOf(name) });
    first += words.length;
  }
  if (requests.size > 0) return [...requests.values()];
  throw new GradcastError(
    "unknown-class",
    `Cannot explain a class as none is named: current value is '${text}'`,
  );
}

function longestLabel(labels: readonly string[], parts: readonly string[], first: number): readonly string[] {
  for (let end = parts.length; end > first + 1; end--) {
    const words = parts.slice(first, end);
    if (findClass(labels, words.join(", ")) !== null) return words;
  }
  return parts.slice(first, first + 1);
}

function targetOf(text: string): Target {
  const rank = /^top(\d+)$/i.exec(text)?.[1];
  if (rank === undefined) return { kind: "label", label: text };
  if (Number(rank) >= 1 && Number(rank) <= TOP_CLASSES) return { kind: "rank", rank: Number(rank) };
  throw new GradcastError(
    "unknown-class",
    `Cannot follow the rank as the ranking goes from top1 to top${TOP_CLASSES}: current value is '${text}'`,
  );
}
