/** The port through which the server says what whoever runs it should know. */
import { jsonLine, textLine } from "./_lines.ts";

/** The most serious first. */
export const LOG_LEVELS = ["error", "warn", "info"] as const;
export type LogLevel = typeof LOG_LEVELS[number];

/** How lines are written. */
export const LOG_FORMATS = ["text", "json"] as const;
export type LogFormat = typeof LOG_FORMATS[number];

/** What a line says beside its message. */
export interface LogFields {
  /** What was thrown; it is written with its stack and its causes. */
  readonly error?: unknown;
  /** How many more of the same came since it was last written. */
  readonly repeats?: number;
  readonly [name: string]: unknown;
}

/** Takes lines; never throws. */
export interface Logger {
  log(level: LogLevel, message: string, fields?: LogFields): void;
}

/** A logger that keeps nothing. */
export const NO_LOGGER: Logger = { log() {} };

/** What {@link createLogger} works with. */
export interface LoggerParts {
  readonly format: LogFormat;
  /** Writes one line, without its end. */
  readonly write: (line: string, level: LogLevel) => void;
  /** Time of day, in ms since 1970. */
  readonly date: () => number;
}

/** Makes a logger that writes each line as text for a terminal, or as one JSON object with `time`, `level`, `message`. */
export function createLogger({ format, write, date }: LoggerParts): Logger {
  return {
    log(level, message, fields = {}) {
      const time = new Date(date()).toISOString();
      const line = format === "json"
        ? jsonLine(time, level, message, fields)
        : textLine(time, message, fields);
      try {
        write(line, level);
      } catch {
        // Nobody reads the output any more: an error thrown here would come back here.
      }
    },
  };
}
