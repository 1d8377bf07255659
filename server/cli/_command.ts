/** What a command line asks for, before any file is opened. */
import { TOP_CLASSES } from "../../shared/limits.ts";
import type { OptionSpec, OptionValue, OptionValues, Target } from "../../shared/protocol.ts";
import { badOption, DEFAULT_METHOD, findMethod, type Method } from "../methods/mod.ts";
import { type Arguments, METHOD_OPTIONS, parseFlags, type SwitchFlag, type ValueFlag } from "./_flags.ts";
import { UsageError } from "./_usage_error.ts";

/** More threads than any machine that this runs on has cores. */
const MAX_THREADS = 64;

/** Which engine is wanted. */
export interface EngineRequest {
  /** Folder of the model that was named, or null for the shipped one. */
  readonly model: string | null;
  readonly threads?: number;
}

/** Files to write, each only where it was asked for. */
export interface OutputFiles {
  readonly map?: string;
  readonly png?: string;
  readonly report?: string;
}

/** Pictures to explain. */
export interface ExplainCommand {
  readonly kind: "explain";
  readonly images: readonly string[];
  readonly engine: EngineRequest;
  readonly method: Method;
  readonly target: Target;
  readonly layer: string | null;
  readonly options: OptionValues;
  readonly json: boolean;
  readonly files: OutputFiles;
}

/** What the command is to do. */
export type Command =
  | { readonly kind: "help" }
  | { readonly kind: "methods"; readonly json: boolean }
  | { readonly kind: "layers"; readonly engine: EngineRequest; readonly json: boolean }
  | ExplainCommand;

/**
 * Reads a command line.
 *
 * @throws UsageError or GradcastError `unknown-method` or `bad-option`
 */
export function readCommand(args: readonly string[]): Command {
  const { images, given } = parseFlags(args);
  const has = (name: SwitchFlag) => given.has(name);
  const text = (name: ValueFlag) => given.get(name);
  const json = has("json");
  if (has("help")) return { kind: "help" };
  if (has("methods")) return { kind: "methods", json };
  const engine = { model: text("model") ?? null, ...threadsOf(text("threads")) };
  if (has("layers")) return { kind: "layers", engine, json };
  if (images.length === 0) {
    throw new UsageError(
      "Cannot explain as no image is named: give one or more JPEG or PNG files, or --help",
    );
  }
  const method = findMethod(text("method") ?? DEFAULT_METHOD.id);
  return {
    kind: "explain",
    images,
    engine,
    method,
    target: targetOf(text("class") ?? "top1"),
    layer: text("layer") ?? null,
    options: optionsFor(method, given),
    json,
    files: filesOf(given),
  };
}

function threadsOf(text: string | undefined): { threads?: number } {
  if (text === undefined) return {};
  const threads = /^\d+$/.test(text) ? Number(text) : NaN;
  if (threads >= 1 && threads <= MAX_THREADS) return { threads };
  throw new UsageError(
    `Cannot take --threads as it is a whole number from 1 to ${MAX_THREADS}: current value is '${text}'`,
  );
}

function targetOf(text: string): Target {
  const rank = /^top(\d+)$/i.exec(text)?.[1];
  if (rank === undefined) return { kind: "label", label: text };
  if (Number(rank) >= 1 && Number(rank) <= TOP_CLASSES) return { kind: "rank", rank: Number(rank) };
  throw new UsageError(
    `Cannot take --class as the ranking ends at top1 to top${TOP_CLASSES}: current value is '${text}'`,
  );
}

function filesOf(given: Arguments["given"]): OutputFiles {
  const names = ["map", "png", "report"] as const satisfies ValueFlag[];
  return Object.fromEntries(names.flatMap((name) => {
    const path = given.get(name);
    return path === undefined ? [] : [[name, path]];
  }));
}

/** The options that were given, as their own types; what a method does anyway need not be one of its options. */
function optionsFor(method: Method, given: Arguments["given"]): OptionValues {
  const options: Record<string, OptionValue> = {};
  for (const spec of METHOD_OPTIONS) {
    const text = given.get(spec.name);
    if (text === undefined) continue;
    const value = optionOf(spec, text);
    if (!method.options.some(({ name }) => name === spec.name) && holdsAnyway(method, spec, value)) continue;
    options[spec.name] = value;
  }
  return options;
}

function optionOf(spec: OptionSpec, text: string): OptionValue {
  switch (spec.kind) {
    case "integer":
      if (/^-?\d+$/.test(text)) return Number(text);
      throw badOption(spec, text);
    case "choice":
      if (spec.choices.includes(text)) return text;
      throw badOption(spec, text);
    case "flag":
      return true;
    default: {
      const never: never = spec;
      throw new TypeError(`Cannot read the option as it is of no known kind: current value is ${never}`);
    }
  }
}

function holdsAnyway(method: Method, { name }: OptionSpec, value: OptionValue): boolean {
  if (name === "signed") return method.signed;
  if (name !== "score") return false;
  if (value === "logit") return true;
  throw new UsageError(
    `Cannot explain the ${value} with ${method.id} as its closed form is defined on the logit: ` +
      `use --score logit or --method occlusion`,
  );
}
