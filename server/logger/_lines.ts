/** The two forms of a line. */
import { printable } from "../../shared/printable.ts";
import { errorText } from "./error_text.ts";
import type { LogFields, LogLevel } from "./logger.ts";

/** Makes text for a terminal of a line. Errors have the time in front: several of them are told apart by it. */
export function textLine(time: string, message: string, fields: LogFields): string {
  const { error, repeats, ...more } = fields;
  const isError = "error" in fields;
  const text = isError ? `${printable(message)}: ${errorText(error)}` : printable(message);
  const others = Object.entries(more).map(([name, value]) => ` ${name}=${printable(textOf(value))}`).join("");
  const repeatText = repeats === undefined ? "" : ` (${repeats} more)`;
  return `${isError || repeats !== undefined ? `${time} ` : ""}${text}${others}${repeatText}`;
}

/** Makes one JSON object of a line. */
export function jsonLine(time: string, level: LogLevel, message: string, fields: LogFields): string {
  const error = "error" in fields ? { error: errorText(fields.error) } : {};
  try {
    return JSON.stringify({ ...fields, ...error, time, level, message });
  } catch {
    // A field that cannot be written must not lose the line.
    return JSON.stringify({ ...error, time, level, message });
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value) ?? "undefined";
}
