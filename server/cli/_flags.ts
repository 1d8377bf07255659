/** The flags of `explain`. */
import { TOP_CLASSES } from "../../shared/limits.ts";
import type { MethodInfo, OptionSpec } from "../../shared/protocol.ts";
import { type Flag, FlagError, parseFlags } from "../command_line/mod.ts";
import { ALL_METHODS } from "../explain/mod.ts";
import { DEFAULT_METHOD, METHODS } from "../methods/mod.ts";

/** Flags that do not belong to one method. */
export const COMMON_FLAGS = [
  {
    name: "method",
    value: "ID[,ID…]",
    help:
      `What explains: one method, several, or ${ALL_METHODS} (default: ${DEFAULT_METHOD.id}); --methods lists them`,
  },
  {
    name: "class",
    value: "CLASS[,…]",
    help:
      `What is explained: top1 to top${TOP_CLASSES}, a label, an index, or both as in 968:cup (default: top1)`,
  },
  { name: "layer", value: "NAME", help: "Target layer; --layers lists them (default: the model's own)" },
  {
    name: "score",
    value: "logit|probability",
    help: "The number that is explained, of methods that have a choice (default: logit)",
  },
  { name: "trust", value: null, help: "Compute the trust meters of every map; takes several times as long" },
  {
    name: "why",
    value: null,
    help: "Say what each map rests on: hide its strongest region and measure what is left of the class",
  },
  {
    name: "box",
    value: "PERCENT",
    help: "The share of a map's scale above which the box in --json lies (default: 15)",
  },
  {
    name: "model",
    value: "PATH",
    help:
      "A model (.keras, .h5, .onnx, TensorFlow.js Layers) or a folder of some; may be repeated (default: EfficientNet-Lite0)",
  },
  { name: "threads", value: "N", help: "Threads that compute (default: one for each physical core)" },
  {
    name: "json",
    value: null,
    help: "Print one JSON document and nothing else; for several images, an array of them",
  },
  {
    name: "json-lines",
    value: null,
    help: "Print one JSON document in each line, as soon as it is known; an image that failed has `error`",
  },
  {
    name: "map",
    value: "FILE.npy",
    help: "Write the raw map as float32 NumPy, height × width; --json says where its cells lie (extent)",
  },
  { name: "png", value: "FILE.png", help: "Write the picture with the map over it" },
  { name: "report", value: "FILE.html", help: "Write one page with everything in it, for all images" },
  {
    name: "every",
    value: "N",
    help: "Of a video: explain every n-th frame, 1 for all of them; needs ffmpeg",
  },
  {
    name: "film",
    value: "FILE.mp4",
    help: "Of a video: write a film of the explained frames, with its sound",
  },
  { name: "csv", value: "FILE.csv", help: "Of a video: write a row for each explained frame" },
  { name: "video-summary", value: null, help: "Of a video: print its classes by time" },
  { name: "layers", value: null, help: "List the model's layers and which can be the target" },
  {
    name: "describe",
    value: null,
    help:
      "Say what was understood of the model: input, normalisation, head, classes, and what is not covered",
  },
  { name: "methods", value: null, help: "List the methods and their options" },
  { name: "version", value: null, help: "Show the version" },
  { name: "help", value: null, help: "Show this" },
] as const satisfies readonly Flag[];

/** Name of a common flag that a value stands behind. */
export type ValueFlag = Extract<typeof COMMON_FLAGS[number], { value: string }>["name"];

/** Name of a common flag without a value. */
export type SwitchFlag = Extract<typeof COMMON_FLAGS[number], { value: null }>["name"];

/** The flags of a method's own options; those that are common flags too are left to them. */
export function flagsOf({ options }: Pick<MethodInfo, "options">): Flag[] {
  return options.filter(({ name }) => !COMMON_FLAGS.some((flag) => flag.name === name)).map(flagOf);
}

function flagOf(spec: OptionSpec): Flag {
  switch (spec.kind) {
    case "integer": {
      const unit = spec.unit === "" ? "" : `${spec.unit}, `;
      return { name: spec.name, value: "N", help: `${spec.help} (${unit}default: ${spec.default})` };
    }
    case "choice":
      return {
        name: spec.name,
        value: spec.choices.join("|"),
        help: `${spec.help} (default: ${spec.default})`,
      };
    case "flag":
      return { name: spec.name, value: null, help: spec.help };
    default: {
      const never: never = spec;
      throw new TypeError(`Cannot make a flag: the option's kind ${never} is unknown`);
    }
  }
}

/** A command line taken apart; of a flag that is given twice the last one counts. */
export interface Arguments {
  readonly images: readonly string[];
  /** Text behind each flag by name; empty for a switch. */
  readonly given: ReadonlyMap<string, string>;
  /** Every model that was named, in order. */
  readonly models: readonly string[];
}

/**
 * Takes a command line apart.
 *
 * @throws FlagError for an unknown flag, a value too many or a value too few
 */
export function readArguments(args: readonly string[]): Arguments {
  const flags: readonly Flag[] = [...COMMON_FLAGS, ...METHODS.flatMap(flagsOf)];
  const { positionals, given } = parseFlags(args, flags);
  const last = new Map([...given].map(([name, texts]) => [name, texts.at(-1) ?? ""]));
  for (const { name, value } of flags) {
    if (value === null || last.get(name) !== "") continue;
    throw new FlagError(`Cannot take --${name}: expected ${value} behind it, got an empty text`);
  }
  return { images: positionals, given: last, models: given.get("model") ?? [] };
}
