import assert from "node:assert/strict";
import { type ErrorCode, ERRORS, GradcastError } from "./errors.ts";
import { packError, unpackError } from "./packed_error.ts";
import { wireMessage } from "./wire_message.ts";

const SECRET = "ENOENT: /home/somebody/secret.bin";

function errorWith(code: ErrorCode, message: string, cause?: unknown): GradcastError {
  return new GradcastError(code, message, cause === undefined ? {} : { cause });
}

/** The error itself, and what becomes of it when it comes out of a worker. */
function bothOf(error: GradcastError): readonly GradcastError[] {
  return [error, unpackError(structuredClone(packError(error, error)))];
}

Deno.test("wireMessage() is the message where it is the server's own, with a cause or without", () => {
  const message = "Cannot decode the picture: expected data that is whole, got half of it";
  for (const cause of [undefined, SECRET, new Error(SECRET), new Error("")]) {
    for (const error of bothOf(errorWith("frame-corrupt", message, cause))) {
      assert.equal(wireMessage(error), message);
    }
  }
});

Deno.test("wireMessage() lets nothing through that a cause says, however deep it lies", () => {
  const deep = new Error("worker died", {
    cause: new TypeError("no such file", { cause: new Error(SECRET) }),
  });
  for (const cause of [SECRET, new Error(SECRET), deep]) {
    for (const error of bothOf(errorWith("data-unusable", `Cannot use the log: ${SECRET}`, cause))) {
      assert.equal(wireMessage(error), ERRORS["data-unusable"].words);
    }
  }
});

Deno.test("wireMessage() says nothing of a fault of the server", () => {
  for (const code of ["engine-failed", "server-fault"] as const) {
    for (const error of bothOf(errorWith(code, `Cannot finish the call: ${SECRET}`))) {
      assert.equal(wireMessage(error), ERRORS[code].words);
    }
  }
});
