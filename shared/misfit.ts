/** What is wrong with a value that does not fit its schema, in our own words. */
import type * as v from "valibot";

/** Characters of a received value that are repeated. */
const MOST_CHARS = 80;

/** Kinds of values, by their names in valibot. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ["string", "a text"],
  ["number", "a number"],
  ["boolean", "true or false"],
  ["Object", "an object"],
  ["Array", "a list"],
  ["undefined", "nothing"],
]);

/** Checks whose names in valibot say what they ask for. */
const CHECKS: ReadonlyMap<string, string> = new Map([
  ["integer", "a whole number"],
  ["safe_integer", "a whole number"],
  ["finite", "a finite number"],
  ["non_empty", "not empty"],
]);

/**
 * What is wrong with the first value that does not fit: `'view.target.rank' must be 4 or less, got 9`.
 *
 * @param whole what a value is called that does not fit as a whole
 * @param at where the value that was read stands in a larger one
 */
export function misfitOf(issue: v.BaseIssue<unknown>, whole: string, at: string | null = null): string {
  const path = [at, ...(issue.path ?? []).map(({ key }) => String(key).slice(0, MOST_CHARS))]
    .filter((part) => part !== null).join(".");
  const name = path === "" ? whole : `'${path}'`;
  return `${name} ${demandOf(issue)}`;
}

/** What a value that does not fit would have to be: `must be 4 or less, got 9`. */
export function demandOf(issue: v.BaseIssue<unknown>): string {
  if (issue.expected === "never") return "is not known here; leave it out";
  // The text of a schema is its own; valibot's reads as follows.
  const isOurs = !issue.message.startsWith("Invalid ");
  return `must be ${isOurs ? issue.message : wantedBy(issue)}, got ${receivedBy(issue)}`;
}

function wantedBy({ type, expected, requirement, received }: v.BaseIssue<unknown>): string {
  switch (type) {
    case "min_value":
      return `${requirement} or more`;
    case "max_value":
      return `${requirement} or less`;
    case "min_length":
      return `${requirement} or more long`;
    case "max_length":
      return `${requirement} or less long`;
    case "length":
      return `${requirement} long`;
    case "regex":
      return `of the form ${expected}`;
    default:
      // An object without a field that it has to have.
      if (received === "undefined" && type.endsWith("object")) return "there";
      return CHECKS.get(type) ?? (expected === null ? "another value" : inWords(expected));
  }
}

/** `("one" | number)` as `"one" or a number`. */
function inWords(expected: string): string {
  const kinds = expected.replace(/^\((.*)\)$/u, "$1").split(" | ");
  return kinds.map((kind) => KINDS.get(kind) ?? kind).join(" or ");
}

function receivedBy({ received }: v.BaseIssue<unknown>): string {
  return KINDS.get(received) ??
    (received.length > MOST_CHARS ? `${received.slice(0, MOST_CHARS)}…` : received);
}
