/** The logger's in-memory twin. */
import type { LogFields, Logger, LogLevel } from "../logger.ts";

/** A line as it was given. */
export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

/** Keeps every line. */
export class MemoryLogger implements Logger {
  readonly lines: LogLine[] = [];

  log(level: LogLevel, message: string, fields: LogFields = {}): void {
    this.lines.push({ level, message, fields });
  }
}
