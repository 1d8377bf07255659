/** Targets as words, in which links, settings and questions to the server carry a class with its name (V4). */
import { classText } from "../../shared/class_text.ts";
import { MAX_CLASS_TEXT } from "../../shared/limits.ts";
import type { Target } from "../../shared/protocol.ts";

/** Writes a target as `top1`, `517:crane`, or the label as it was given. */
export function targetText(target: Target, labels: readonly string[]): string {
  switch (target.kind) {
    case "rank":
      return `top${target.rank}`;
    case "class":
      return classText(target.index, labels[target.index]);
    case "label":
      return target.label;
    default: {
      const _never: never = target;
      return _never;
    }
  }
}

/** Reads a class in words; which one it is, the server knows. Returns null for nothing and for what is too long. */
export function targetOfText(text: string | null): Target | null {
  const label = text?.trim() ?? "";
  return label === "" || label.length > MAX_CLASS_TEXT ? null : { kind: "label", label };
}

/**
 * Puts the name of a locked class beside its index, so that a server whose model has another class there refuses it
 * instead of explaining that one. A class whose label is not known, or of another model, stays as it is.
 */
export function namedTarget(target: Target, labels: readonly string[]): Target {
  const isOther = target.kind !== "class" || target.model !== undefined;
  if (isOther || labels[target.index] === undefined) return target;
  return { kind: "label", label: targetText(target, labels) };
}
