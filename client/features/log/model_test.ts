/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { type ErrorCode, ERRORS } from "../../../shared/errors.ts";
import { StreamObservers } from "../../live/stream_observers.ts";
import { createLog } from "./model.ts";

function logOf() {
  const stream = new StreamObservers();
  const sent: boolean[] = [];
  const log = createLog({ observe: (one) => stream.add(one), send: (on) => sent.push(on) });
  const fail = (code: ErrorCode) =>
    stream.message({ type: "error", code, message: "", frame: null, revision: null, pane: null });
  return { stream, sent, log, fail };
}

Deno.test("createLog() asks every connection again for what was turned on (L1)", () => {
  const { stream, sent, log } = logOf();
  stream.connected();
  assert.deepEqual(sent, [], "nobody asked for it");
  log.setWriting(true);
  assert.equal(log.writing.value, false, "the server has the say");
  stream.message({ type: "log", on: true });
  assert.equal(log.writing.value, true);
  stream.disconnected();
  assert.equal(log.writing.value, false);
  stream.connected();
  assert.deepEqual(sent, [true, true]);
});

Deno.test("createLog() asks no further connection for a log that failed or that is refused", () => {
  const failed = logOf();
  failed.log.setWriting(true);
  failed.stream.message({ type: "log", on: false });
  failed.stream.connected();
  assert.deepEqual(failed.sent, [true]);
  for (const code of ["no-log", "log-refused"] as const) {
    const refused = logOf();
    refused.log.setWriting(true);
    refused.fail(code);
    refused.stream.connected();
    assert.deepEqual(refused.sent, [true], code);
  }
});

Deno.test("createLog() says why it is off until an entry is written, or somebody tries again", () => {
  const { stream, log, fail } = logOf();
  fail("log-failed");
  assert.equal(log.problem.value, ERRORS["log-failed"].words);
  stream.message({ type: "logged", id: 7, label: "cup" });
  assert.equal(log.problem.value, null);
  assert.deepEqual(log.newest.value, { id: 7, label: "cup" });
  fail("disk-full");
  log.forgetProblem();
  assert.equal(log.problem.value, null);
  fail("frame-bytes");
  assert.equal(log.problem.value, null, "an error of the stream says nothing of the log");
});
