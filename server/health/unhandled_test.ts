import assert from "node:assert/strict";
import { FakeClock } from "../clock/testing/fake_clock.ts";
import { createLogger, RepeatLimit } from "../logger/mod.ts";
import { UnhandledErrors } from "./mod.ts";

const SECOND = "1970-01-01T00:00:01.000Z";

function caught() {
  const clock = new FakeClock();
  const lines: string[] = [];
  const errors = unhandled(clock, (line) => lines.push(line));
  return { clock, lines, errors };
}

function unhandled(clock: FakeClock, write: (line: string) => void): UnhandledErrors {
  const logger = createLogger({ format: "text", write, date: () => 1_000 });
  return new UnhandledErrors({ logger: new RepeatLimit(logger, clock), now: () => clock.now() });
}

/** An error with a stack of its own. */
function faulty(message: string): Error {
  const error = new TypeError(message);
  error.stack = `TypeError: ${message}\n    at one (file.ts:1:2)\n    at two (file.ts:3:4)`;
  return error;
}

Deno.test("an error that nothing handled is one line with time and stack, and counts for a minute", async () => {
  const { clock, lines, errors } = caught();
  assert.deepEqual(errors.health(), { ok: true, figures: { count: 0 } });
  errors.note("Unhandled error", faulty("no such thing"));
  assert.deepEqual(lines, [
    `${SECOND} Unhandled error: TypeError: no such thing | at one (file.ts:1:2) | at two (file.ts:3:4)`,
  ]);
  assert.deepEqual(errors.health(), { ok: false, reason: "unhandled-error", figures: { count: 1 } });
  await clock.advance(60_000);
  assert.deepEqual(errors.health(), { ok: true, figures: { count: 1 } });
});

Deno.test("the same error is written once a second at most, with how often it came", async () => {
  const { clock, lines, errors } = caught();
  for (let i = 0; i < 1_000; i++) errors.note("Unhandled error", faulty("again"));
  assert.equal(lines.length, 1);
  await clock.advance(1_000);
  assert.equal(lines.length, 2);
  assert.match(lines[1] ?? "", /again .*\(999 more\)$/u);
  await clock.advance(10_000);
  assert.equal(lines.length, 2);
  errors.note("Unhandled error", faulty("again"));
  assert.equal(lines.length, 3);
  errors[Symbol.dispose]();
});

Deno.test("errors that all differ do not fill the disk either", async () => {
  const { clock, lines, errors } = caught();
  for (let i = 0; i < 1_000; i++) errors.note("Unhandled error", faulty(`number ${i}`));
  assert.equal(lines.length, 10);
  await clock.advance(1_000);
  assert.equal(lines.length, 11);
  assert.match(lines[10] ?? "", /other errors \(990 more\)$/u);
});

Deno.test("what is thrown may be anything: it is printable, short and never throws again", () => {
  const { lines, errors } = caught();
  const strange = { toString: () => assert.fail("not even a text") };
  for (const value of [strange, null, undefined, "\u001b[2Jcleared\nforged", Symbol("s"), "x".repeat(1e6)]) {
    errors.note("Unhandled rejection", value);
  }
  assert.deepEqual(lines.slice(0, 5).map((line) => line.slice(SECOND.length + 1)), [
    "Unhandled rejection: a value without a text, of type object",
    "Unhandled rejection: null",
    "Unhandled rejection: undefined",
    "Unhandled rejection: \\u001b[2Jcleared | forged",
    "Unhandled rejection: Symbol(s)",
  ]);
  assert.ok((lines[5] ?? "").length < 2_100);
});

Deno.test("an output that nobody reads any more does not make another error", () => {
  const clock = new FakeClock();
  const errors = unhandled(clock, () => {
    throw new Deno.errors.BrokenPipe("gone");
  });
  errors.note("Unhandled error", faulty("one"));
  assert.equal(errors.health().ok, false);
});

Deno.test("listen() handles both kinds of events until it is disposed of", () => {
  const { lines, errors } = caught();
  const scope = new EventTarget();
  errors.listen(scope);
  const fire = () => {
    const error = new ErrorEvent("error", { error: faulty("thrown"), cancelable: true });
    const rejection = Object.assign(new Event("unhandledrejection", { cancelable: true }), { reason: "why" });
    scope.dispatchEvent(error);
    scope.dispatchEvent(rejection);
    return [error.defaultPrevented, rejection.defaultPrevented];
  };
  assert.deepEqual(fire(), [true, true]);
  assert.deepEqual(lines.map((line) => line.split(" ").slice(1, 4).join(" ")), [
    "Unhandled error: TypeError:",
    "Unhandled rejection: why",
  ]);
  errors[Symbol.dispose]();
  assert.deepEqual(fire(), [false, false]);
  assert.equal(lines.length, 2);
});
