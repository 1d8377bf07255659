import assert from "node:assert/strict";
import { createLogger, type LogFormat, type LogLevel } from "./mod.ts";

function written(format: LogFormat) {
  const lines: (readonly [LogLevel, string])[] = [];
  const logger = createLogger({
    format,
    date: () => 1_000,
    write: (line, level) => lines.push([level, line]),
  });
  return { lines, logger };
}

/** An error with a stack of its own. */
function faulty(message: string, cause?: unknown): Error {
  const error = new TypeError(message, { cause });
  error.stack = `TypeError: ${message}\n    at one (file.ts:1:2)`;
  return error;
}

Deno.test("createLogger() writes text: words alone, errors with time, stack and causes on one line", () => {
  const { lines, logger } = written("text");
  logger.log("info", "Gradcast is ready", { port: 8000 });
  logger.log("warn", "No log\u001b[2J for now");
  logger.log("error", "Cannot explain the frame", {
    code: "server-fault",
    error: faulty("a", faulty("b", "c")),
  });
  assert.deepEqual(lines, [
    ["info", "Gradcast is ready port=8000"],
    ["warn", "No log\\u001b[2J for now"],
    [
      "error",
      "1970-01-01T00:00:01.000Z Cannot explain the frame: TypeError: a | at one (file.ts:1:2) | " +
      "caused by TypeError: b | at one (file.ts:1:2) | caused by c code=server-fault",
    ],
  ]);
});

Deno.test("createLogger() writes JSON lines, one object each", () => {
  const { lines, logger } = written("json");
  logger.log("info", "Gradcast is ready", { port: 8000 });
  logger.log("error", "Cannot explain the frame", { error: faulty("a\nb") });
  const looped: { self?: unknown } = {};
  looped.self = looped;
  logger.log("warn", "strange", { looped });
  const time = "1970-01-01T00:00:01.000Z";
  assert.deepEqual(lines.map(([, line]) => JSON.parse(line)), [
    { port: 8000, time, level: "info", message: "Gradcast is ready" },
    {
      error: "TypeError: a | b | at one (file.ts:1:2)",
      time,
      level: "error",
      message: "Cannot explain the frame",
    },
    { time, level: "warn", message: "strange" },
  ]);
  assert.ok(lines.every(([, line]) => !line.includes("\n")));
});
