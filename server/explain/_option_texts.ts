/** Options in words, each given to the methods that have it. */
import { GradcastError } from "../../shared/errors.ts";
import type { OptionSpec, OptionValue, OptionValues } from "../../shared/protocol.ts";
import { badOption, type Method, METHODS } from "../methods/mod.ts";

/** Names of all methods' options, each once: methods that share a name share its meaning, not its range. */
export const OPTION_NAMES: readonly string[] = [
  ...new Set(METHODS.flatMap(({ options }) => options.map(({ name }) => name))),
];

/** What flags of an option may be set to. */
const FLAG_WORDS: ReadonlyMap<string, boolean> = new Map([
  ["", true],
  ["1", true],
  ["true", true],
  ["0", false],
  ["false", false],
]);

/** The option of a method by its name. */
export function specOf(method: Method, name: string): OptionSpec | undefined {
  return method.options.find((spec) => spec.name === name);
}

/**
 * Reads the options that are given in words and hands each to the methods that have it.
 *
 * @returns the options of every method, in the order of `methods`
 * @throws GradcastError `bad-option` for a value that a method does not take, or an option that none of them has
 */
export function readOptions(methods: readonly Method[], texts: ReadonlyMap<string, string>): OptionValues[] {
  for (const [name, text] of texts) checkUse(methods, name, text);
  return methods.map((method) => {
    const options: Record<string, OptionValue> = {};
    for (const [name, text] of texts) {
      const spec = specOf(method, name);
      if (spec !== undefined) options[name] = valueOf(spec, text);
    }
    return options;
  });
}

function checkUse(methods: readonly Method[], name: string, text: string): void {
  if (methods.some((method) => specOf(method, name) !== undefined)) return;
  // What a method does anyway need not be one of its options.
  if (name === "signed" && methods.some(({ signed }) => signed)) return;
  if (name === "score" && text === "logit") return;
  const owners = METHODS.filter((method) => specOf(method, name) !== undefined);
  const spec = owners.map((method) => specOf(method, name))[0];
  const value = spec === undefined ? text : valueOf(spec, text);
  throw new GradcastError(
    "bad-option",
    `Cannot set the option '${name}': ${methods.map(namesOf).join("; ")}, got ${
      typeof value === "string" ? `'${value}'` : value
    }, an option of ${owners.map(({ id }) => id).join(", ")}`,
  );
}

function namesOf({ id, options }: Method): string {
  return `${id} takes ${options.length === 0 ? "no options" : options.map(({ name }) => name).join(", ")}`;
}

function valueOf(spec: OptionSpec, text: string): OptionValue {
  switch (spec.kind) {
    case "integer":
      if (/^-?\d+$/.test(text)) return Number(text);
      throw badOption(spec, text);
    case "choice":
      if (spec.choices.includes(text)) return text;
      throw badOption(spec, text);
    case "flag": {
      const value = FLAG_WORDS.get(text);
      if (value !== undefined) return value;
      throw badOption(spec, text);
    }
    default: {
      const never: never = spec;
      throw new TypeError(`Cannot read the option: its kind ${never} is unknown`);
    }
  }
}
