/** What an address asks for, in the words of the command line. */
import { GradcastError } from "../../shared/errors.ts";
import { nearestNames } from "../../shared/nearest.ts";
import { OPTION_NAMES, type Words } from "../explain/mod.ts";

/** Forms of an answer. */
export const FORMATS = ["json", "png", "npy", "html", "lines"] as const;

/** Form of an answer. */
export type Format = typeof FORMATS[number];

/** Names beside the methods' options. */
const COMMON_NAMES = ["model", "method", "class", "layer", "trust", "why", "box", "format"] as const;

/** What a switch may be set to. */
const SWITCH_WORDS: ReadonlyMap<string, boolean> = new Map([
  ["", true],
  ["1", true],
  ["true", true],
  ["0", false],
  ["false", false],
]);

/** What is asked for. */
export interface Query {
  readonly words: Words;
  readonly format: Format;
  /** Id of the model; null: the server's first one. */
  readonly model: string | null;
}

/**
 * Reads the part of an address behind the question mark; of a name that is given twice the last value counts.
 *
 * @throws GradcastError `bad-option` (A2)
 */
export function readQuery(parameters: URLSearchParams): Query {
  const given = new Map(parameters);
  const names: readonly string[] = [...COMMON_NAMES, ...OPTION_NAMES];
  for (const name of given.keys()) if (!names.includes(name)) throw unknownName(names, name);
  const [method, classes, layer] = [given.get("method"), given.get("class"), given.get("layer")];
  return {
    words: {
      ...(method === undefined ? {} : { method }),
      ...(classes === undefined ? {} : { class: classes }),
      ...(layer === undefined ? {} : { layer }),
      trust: switchOf("trust", given.get("trust") ?? "0"),
      why: switchOf("why", given.get("why") ?? "0"),
      ...(given.has("box") ? { box: given.get("box") ?? "" } : {}),
      options: new Map([...given].filter(([name]) => OPTION_NAMES.includes(name))),
    },
    format: formatOf(given.get("format") ?? "json"),
    model: given.get("model") ?? null,
  };
}

function formatOf(text: string): Format {
  const format = FORMATS.find((one) => one === text);
  if (format !== undefined) return format;
  throw new GradcastError(
    "bad-option",
    `Cannot answer in the format: expected one of ${FORMATS.join(", ")}, got '${text}'`,
  );
}

function switchOf(name: string, text: string): boolean {
  const value = SWITCH_WORDS.get(text);
  if (value !== undefined) return value;
  throw new GradcastError(
    "bad-option",
    `Cannot set '${name}': expected ${[...SWITCH_WORDS.keys()].filter((word) => word !== "").join(", ")}, ` +
      `got '${text}'`,
  );
}

/** The refusal of a name that the address does not take, with those that come near it. */
export function unknownName(names: readonly string[], name: string): GradcastError {
  const near = nearestNames(names, name);
  const hint = near.length === 0 ? `expected one of ${names.join(", ")}` : `did you mean ${near.join(", ")}`;
  return new GradcastError("bad-option", `Cannot set '${name}': there is no such name, ${hint}`);
}
