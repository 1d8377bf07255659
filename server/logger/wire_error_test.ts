import assert from "node:assert/strict";
import { ERRORS, GradcastError } from "../../shared/errors.ts";
import { toWireError } from "./mod.ts";
import { MemoryLogger } from "./testing/memory_logger.ts";

const SECRET = "ENOENT: /home/somebody/models/secret.bin at file.ts:12:3";

Deno.test("toWireError() answers what was expected with its own message, and logs nothing", () => {
  const logger = new MemoryLogger();
  const error = new GradcastError("bad-option", "Cannot explain: expected a stride of 1 or more, got 0");
  assert.deepEqual(toWireError(error, { logger, action: "explain" }), {
    code: "bad-option",
    message: error.message,
    words: ERRORS["bad-option"].words,
  });
  assert.deepEqual(logger.lines, []);
});

Deno.test("toWireError() lets nothing of an unexpected error through, and logs it with its cause", () => {
  const thrown = [
    new TypeError(SECRET),
    SECRET,
    new GradcastError("server-fault", `Cannot call the engine: ${SECRET}`, { cause: new Error(SECRET) }),
    new GradcastError("engine-failed", `Cannot finish the call: ${SECRET}`, { cause: SECRET }),
  ];
  for (const error of thrown) {
    const logger = new MemoryLogger();
    const answer = toWireError(error, { logger, action: "explain the frame" });
    assert.ok(!JSON.stringify(answer).includes("secret"), JSON.stringify(answer));
    assert.equal(answer.message, ERRORS[answer.code].words);
    const [line] = logger.lines;
    assert.equal(line?.message, "Cannot explain the frame");
    assert.equal(line.level, "error");
    assert.equal(line.fields.error, error);
  }
});
