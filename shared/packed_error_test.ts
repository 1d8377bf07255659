import assert from "node:assert/strict";
import { GradcastError } from "./errors.ts";
import { causesOf, packError, unpackError } from "./packed_error.ts";

const OTHERWISE = { code: "server-fault", message: "Cannot answer: the worker failed" } as const;

/** What becomes of an error that crosses to another thread. */
function crossed(error: unknown): GradcastError {
  return unpackError(structuredClone(packError(error, OTHERWISE)));
}

Deno.test("packError() and unpackError() keep code, message, and each cause with its stack", () => {
  const innermost = new RangeError("out of bounds");
  const cause = new Error("exit(1)", { cause: innermost });
  const after = crossed(new GradcastError("frame-corrupt", "Cannot decode the picture", { cause }));
  assert.equal(after.code, "frame-corrupt");
  assert.equal(after.message, "Cannot decode the picture");
  const [first, second, ...more] = causesOf(after);
  assert.ok(first instanceof Error && second instanceof Error);
  assert.deepEqual([first.message, second.message], ["exit(1)", "out of bounds"]);
  assert.deepEqual([first.stack, second.stack], [cause.stack, innermost.stack]);
  assert.deepEqual(more, []);
});

Deno.test("packError() makes a cause of what is no GradcastError, whatever it is", () => {
  const thrown = new TypeError("x is not a function", { cause: "nobody knows" });
  for (const [error, causes] of [[thrown, ["x is not a function", "nobody knows"]], [17, ["17"]]] as const) {
    const after = crossed(error);
    assert.deepEqual([after.code, after.message], [OTHERWISE.code, OTHERWISE.message]);
    assert.deepEqual(causesOf(after).map((cause) => cause instanceof Error && cause.message), causes);
  }
});

Deno.test("an error without a cause crosses without one", () => {
  assert.equal(crossed(new GradcastError("busy", "Cannot answer: come later")).cause, undefined);
});

Deno.test("causesOf() ends in a circle", () => {
  const error = new Error("round and round");
  error.cause = error;
  assert.ok(causesOf(error).length < 10);
});
