/** What a command line asks for, before any file is opened. */
import { type Ask, OPTION_NAMES, readAsk, type Words } from "../explain/mod.ts";
import { type Arguments, readArguments, type SwitchFlag, type ValueFlag } from "./_flags.ts";
import { UsageError } from "./_usage_error.ts";
import { isAboutVideos, readVideoCommand, type VideoCommand } from "./_video_command.ts";

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

/** What stdout holds: words for people, JSON (a document, of several images an array), or a document in each line. */
export type OutputForm = "text" | "json" | "lines";

/** Pictures to explain. */
export interface ExplainCommand {
  readonly kind: "explain";
  readonly images: readonly string[];
  /** Models that were named; empty: the shipped one. */
  readonly models: readonly string[];
  readonly engine: EngineRequest;
  readonly ask: Ask;
  readonly form: OutputForm;
  readonly files: OutputFiles;
}

/** What the command is to do. */
export type Command =
  | { readonly kind: "help" | "version" }
  | { readonly kind: "methods"; readonly json: boolean }
  | { readonly kind: "describe"; readonly engine: EngineRequest; readonly json: boolean }
  | { readonly kind: "layers"; readonly engine: EngineRequest; readonly json: boolean }
  | ExplainCommand
  | VideoCommand;

/**
 * Reads a command line.
 *
 * @throws UsageError or GradcastError `unknown-method`, `unknown-class` or `bad-option`
 */
export function readCommand(args: readonly string[]): Command {
  const read = readArguments(args);
  const { images, given, models } = read;
  const has = (name: SwitchFlag) => given.has(name);
  const text = (name: ValueFlag) => given.get(name);
  const form = has("json-lines") ? "lines" : has("json") ? "json" : "text";
  const json = form !== "text";
  if (has("help")) return { kind: "help" };
  if (has("version")) return { kind: "version" };
  if (has("methods")) return { kind: "methods", json };
  const engine = { model: text("model") ?? null, ...threadsOf(text("threads")) };
  if (has("describe")) return { kind: "describe", engine, json };
  if (has("layers")) return { kind: "layers", engine, json };
  if (images.length === 0) {
    throw new UsageError(
      "Cannot explain: no image is named, give one or more pictures, or --help",
    );
  }
  const ask = readAsk(wordsOf(given));
  if (isAboutVideos(given)) return readVideoCommand(read, { engine, ask, form });
  return {
    kind: "explain",
    images,
    models,
    engine,
    ask,
    form,
    files: filesOf(given),
  };
}

function threadsOf(text: string | undefined): { threads?: number } {
  if (text === undefined) return {};
  const threads = /^\d+$/.test(text) ? Number(text) : NaN;
  if (threads >= 1 && threads <= MAX_THREADS) return { threads };
  throw new UsageError(
    `Cannot take --threads: expected a whole number from 1 to ${MAX_THREADS}, got '${text}'`,
  );
}

function wordsOf(given: Arguments["given"]): Words {
  const names = ["method", "class", "layer", "box"] as const satisfies ValueFlag[];
  return {
    ...textsOf(given, names),
    trust: given.has("trust" satisfies SwitchFlag),
    why: given.has("why" satisfies SwitchFlag),
    options: new Map([...given].filter(([name]) => OPTION_NAMES.includes(name))),
  };
}

function filesOf(given: Arguments["given"]): OutputFiles {
  return textsOf(given, ["map", "png", "report"] as const satisfies ValueFlag[]);
}

function textsOf<Name extends ValueFlag>(
  given: Arguments["given"],
  names: readonly Name[],
): Partial<Record<Name, string>> {
  const texts: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const text = given.get(name);
    if (text !== undefined) texts[name] = text;
  }
  return texts;
}
