/** The server's flags: one table for parsing, GRADCAST_* variables, errors and --help. */
import { fileURLToPath } from "node:url";
import { VERSION } from "../shared/version.ts";
import { type Arguments, type Flag, FlagError, helpLines, parseFlags } from "./command_line/mod.ts";
import { LOG_FORMATS, type LogFormat } from "./logger/mod.ts";

/** Who may turn the log on. */
const LOG_WHO = ["own", "all"] as const;
type LogWho = typeof LOG_WHO[number];

/** Settings of a server, after flags, variables and defaults. */
export interface Settings {
  readonly host: string;
  /** Port to listen on, or null for the first free one from 8000. */
  readonly port: number | null;
  /** Threads of the engine, or null for the physical cores. */
  readonly threads: number | null;
  /** Folders and files of models, and folders with models in them; the first one is loaded at the start. */
  readonly models: readonly string[];
  /** Bytes that all loaded models may take together, or null for most of what the machine has left. */
  readonly memoryBytes: number | null;
  readonly data: string;
  /** Days that the log keeps an entry; 0: there is no log. */
  readonly logDays: number;
  /** Size of the log at most, in MB. */
  readonly logMegabytes: number;
  /** Who may turn the log on: pages on this machine, or everybody. */
  readonly logWho: LogWho;
  /** Days that clips are kept which are not pinned, and the size of all of them, in MB. */
  readonly clipsDays: number;
  readonly clipsMegabytes: number;
  /** Size of all uploaded models at most, in MB; 0: none are taken. */
  readonly modelsMegabytes: number;
  /** Size of all pictures that models are taught from, in MB; 0: none are taught. */
  readonly taughtMegabytes: number;
  /** How the lines of the terminal are written. */
  readonly logFormat: LogFormat;
  readonly open: boolean;
  readonly origins: readonly string[];
}

/** What the command line asked for. */
export type FlagsOutcome =
  | { readonly kind: "settings"; readonly settings: Settings }
  | { readonly kind: "help" | "version"; readonly text: string }
  | { readonly kind: "refused"; readonly message: string };

/** Port that is tried first. */
export const FIRST_PORT = 8000;

/** How many ports are tried, from `FIRST_PORT` on. */
export const PORTS_TRIED = 20;

const DEFAULT_HOST = "localhost";

/** A host name, an IPv4 address, or an IPv6 address with or without brackets. */
const HOST = /^([\w-]+(\.[\w-]+)*|\[?[\da-f]*:[\da-f:.]*(%[\w-]+)?\]?)$/i;

const MAX_PORT = 65_535;
const MAX_THREADS = 64;
const MAX_LOG_DAYS = 3_650;
const MAX_LOG_MB = 100_000;
const LOG_DAYS = 30;
const LOG_MB = 500;
const MAX_CLIPS_DAYS = 3_650;
const MAX_CLIPS_MB = 10_000_000;
const MAX_MODELS_MB = 10_000_000;
const MODELS_MB = 2_000;
const MAX_TAUGHT_MB = 10_000_000;
const TAUGHT_MB = 1_000;
const CLIPS_DAYS = 90;
const CLIPS_MB = 4_000;

/** A server without this much memory for models has none for any of them, in bytes. */
const LEAST_MEMORY_BYTES = 100e6;

/** Factors of units of bytes. */
const BYTE_UNITS: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["k", 1e3],
  ["m", 1e6],
  ["g", 1e9],
  ["t", 1e12],
]);

/** Models that come with the program, the first one in front. */
const SHIPPED_MODELS = ["efficientnet-lite0", "efficientnet-lite1"].map((name) =>
  fileURLToPath(new URL(`../models/${name}`, import.meta.url))
);

const LOG_FORMAT_FLAG = "--log-format";

/** The flags of `start`. */
export const FLAGS = [
  { name: "host", value: "NAME", help: "address to listen on (default localhost)" },
  { name: "port", value: "N", help: `port to listen on (default: the first free one from ${FIRST_PORT})` },
  { name: "threads", value: "N", help: "threads of the engine (default: the physical cores)" },
  {
    name: "model",
    value: "PATH",
    help:
      "a model, or a folder of models; may be repeated, the first one is loaded at the start (default: the shipped ones)",
  },
  {
    name: "memory",
    value: "BYTES",
    help:
      "memory of all loaded models together, as in 2G or 800M (default: most of what the machine has left)",
  },
  { name: "data", value: "DIR", help: "folder for what the server keeps (default: data)" },
  {
    name: "log-days",
    value: "N",
    help: `days that the log keeps what viewers let it write (default ${LOG_DAYS}; 0: no log)`,
  },
  { name: "log-mb", value: "N", help: `size of the log at most, in MB (default ${LOG_MB})` },
  {
    name: "log-who",
    value: "WHO",
    help: "who may turn the log on: own, pages on this machine (default), or all that reach the server",
  },
  {
    name: "clips-days",
    value: "N",
    help: `days that the server keeps clips that are not pinned (default ${CLIPS_DAYS})`,
  },
  { name: "clips-mb", value: "N", help: `size of all clips at most, in MB (default ${CLIPS_MB}; 0: none)` },
  {
    name: "models-mb",
    value: "N",
    help: `size of all uploaded models at most, in MB (default ${MODELS_MB}; 0: none are taken)`,
  },
  {
    name: "taught-mb",
    value: "N",
    help:
      `size of all pictures that models are taught from, in MB (default ${TAUGHT_MB}; 0: none are taught)`,
  },
  {
    name: "origin",
    value: "URL",
    help: "answer to the name of this address and to its pages too, for a reverse proxy; may be repeated",
  },
  {
    name: "log-format",
    value: "FORM",
    help: "how the terminal's lines are written: text (default), or json, one object a line",
  },
  { name: "open", value: null, help: "open the page in the browser" },
  { name: "version", value: null, help: "show the version" },
  { name: "help", value: null, help: "show this text", short: "h" },
] as const satisfies readonly Flag[];

/**
 * How the terminal's lines are to be written, as far as that can be told where the flags may be wrong elsewhere; text
 * where it cannot.
 */
export function logFormatOf(args: readonly string[], env: (name: string) => string | undefined): LogFormat {
  const at = args.findLastIndex((arg) => arg === LOG_FORMAT_FLAG || arg.startsWith(`${LOG_FORMAT_FLAG}=`));
  const arg = args[at];
  const given = arg === LOG_FORMAT_FLAG ? args[at + 1] : arg?.slice(LOG_FORMAT_FLAG.length + 1);
  const wanted = given ?? env("GRADCAST_LOG_FORMAT");
  return LOG_FORMATS.find((format) => format === wanted) ?? "text";
}

/** Reads arguments; a flag wins over its variable (`--port` over GRADCAST_PORT). */
export function readFlags(args: readonly string[], env: (name: string) => string | undefined): FlagsOutcome {
  let given: Arguments["given"];
  try {
    const { positionals: [stranger], given: flags } = parseFlags(args, FLAGS);
    if (stranger !== undefined) {
      throw new FlagError(`Cannot take '${stranger}': expected a flag; --help lists them`);
    }
    given = flags;
  } catch (error) {
    if (!(error instanceof FlagError)) throw error;
    return { kind: "refused", message: error.message };
  }
  if (given.has("help")) return { kind: "help", text: helpText() };
  if (given.has("version")) return { kind: "version", text: VERSION };
  const text = (name: string): string | undefined =>
    given.get(name)?.at(-1) ?? env(`GRADCAST_${name.toUpperCase().replaceAll("-", "_")}`);
  const models = given.get("model") ?? env("GRADCAST_MODEL")?.split(",") ?? SHIPPED_MODELS;
  for (const name of ["host", "model", "data"]) {
    if (text(name) === "" || (name === "model" && models.includes(""))) {
      return {
        kind: "refused",
        message: `Cannot start: expected a value behind --${name}, got an empty text`,
      };
    }
  }
  const host = text("host") ?? DEFAULT_HOST;
  if (!HOST.test(host)) {
    const message = `Cannot start: expected --host to be a name or an address without its port, got ${
      JSON.stringify(host)
    }`;
    return { kind: "refused", message };
  }
  const port = wholeNumber("port", text("port"), 0, MAX_PORT);
  if (typeof port === "string") return { kind: "refused", message: port };
  const threads = wholeNumber("threads", text("threads"), 1, MAX_THREADS);
  if (typeof threads === "string") return { kind: "refused", message: threads };
  const logDays = wholeNumber("log-days", text("log-days"), 0, MAX_LOG_DAYS);
  if (typeof logDays === "string") return { kind: "refused", message: logDays };
  const logMegabytes = wholeNumber("log-mb", text("log-mb"), 1, MAX_LOG_MB);
  if (typeof logMegabytes === "string") return { kind: "refused", message: logMegabytes };
  const logWho = text("log-who") ?? "own";
  if (!isLogWho(logWho)) {
    const message = `Cannot start: expected --log-who ${LOG_WHO.join(" or ")}, got ${logWho}`;
    return { kind: "refused", message };
  }
  const clipsDays = wholeNumber("clips-days", text("clips-days"), 1, MAX_CLIPS_DAYS);
  if (typeof clipsDays === "string") return { kind: "refused", message: clipsDays };
  const clipsMegabytes = wholeNumber("clips-mb", text("clips-mb"), 0, MAX_CLIPS_MB);
  if (typeof clipsMegabytes === "string") return { kind: "refused", message: clipsMegabytes };
  const memory = bytesIn(text("memory"));
  if (typeof memory === "string") return { kind: "refused", message: memory };
  const modelsMegabytes = wholeNumber("models-mb", text("models-mb"), 0, MAX_MODELS_MB);
  if (typeof modelsMegabytes === "string") return { kind: "refused", message: modelsMegabytes };
  const taughtMegabytes = wholeNumber("taught-mb", text("taught-mb"), 0, MAX_TAUGHT_MB);
  if (typeof taughtMegabytes === "string") return { kind: "refused", message: taughtMegabytes };
  const logFormat = LOG_FORMATS.find((format) => format === (text("log-format") ?? "text"));
  if (logFormat === undefined) {
    const message = `Cannot start: expected --log-format ${LOG_FORMATS.join(" or ")}, got ${
      text("log-format")
    }`;
    return { kind: "refused", message };
  }
  const origins = given.get("origin") ?? env("GRADCAST_ORIGIN")?.split(",") ?? [];
  const wrong = origins.find((origin) => URL.parse(origin)?.origin !== origin);
  if (wrong !== undefined) {
    const message =
      `Cannot start: --origin must be a scheme, host and port such as https://example.org, got ${wrong}`;
    return { kind: "refused", message };
  }
  return {
    kind: "settings",
    settings: {
      host: host.replace(/^\[(.*)\]$/, "$1"),
      port,
      threads,
      models,
      memoryBytes: memory,
      data: text("data") ?? "data",
      logDays: logDays ?? LOG_DAYS,
      logMegabytes: logMegabytes ?? LOG_MB,
      logWho,
      clipsDays: clipsDays ?? CLIPS_DAYS,
      clipsMegabytes: clipsMegabytes ?? CLIPS_MB,
      modelsMegabytes: modelsMegabytes ?? MODELS_MB,
      taughtMegabytes: taughtMegabytes ?? TAUGHT_MB,
      logFormat,
      open: given.has("open") || env("GRADCAST_OPEN") === "1",
      origins,
    },
  };
}

/** Reads a number of bytes such as 2G, 1.5GB, 800M; a sentence where it is none. */
function bytesIn(text: string | undefined): number | null | string {
  if (text === undefined) return null;
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)([kmgt]?)b?$/iu.exec(text.trim()) ?? [];
  const bytes = Number(number) * (BYTE_UNITS.get(unit.toLowerCase()) ?? NaN);
  if (number !== "" && bytes >= LEAST_MEMORY_BYTES && bytes <= Number.MAX_SAFE_INTEGER) {
    return Math.floor(bytes);
  }
  return `Cannot start: --memory must be a number of bytes from ${
    LEAST_MEMORY_BYTES / 1e6
  }M on, such as 2G, got ${text}`;
}

function isLogWho(text: string): text is LogWho {
  return LOG_WHO.some((who) => who === text);
}

function wholeNumber(
  name: string,
  text: string | undefined,
  min: number,
  max: number,
): number | null | string {
  if (text === undefined) return null;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  return `Cannot start: --${name} must be a whole number from ${min} to ${max}, got ${text}`;
}

function helpText(): string {
  return [
    "Gradcast shows live why an image classifier says what it says.",
    "",
    "Usage: deno task start [flags]",
    "",
    ...helpLines(FLAGS),
    "",
    "Every flag with a value can also be set by a variable, for example GRADCAST_PORT=9000.",
  ].join("\n");
}
