/** What the log keeps whatever a viewer or the machine does: a real server, real sockets, a real disk (rules L9 to L11). */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { PROTOCOL_VERSION } from "../../shared/limits.ts";
import { GRAD_CAM_VIEW, LiveClient } from "../support/live_client.ts";
import {
  CAMERA,
  COFFEE,
  entriesOf,
  inData,
  LoggingViewer,
  reasonsOf,
  SHOWN_FRAMES,
} from "../support/logging_viewer.ts";
import { startRelay } from "../support/relay.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

/** A header by which the server knows that a viewer is not on its own machine. */
const FROM_ELSEWHERE = { rewritesHost: true, adds: ["X-Forwarded-For: 203.0.113.9"] } as const;

async function logAnswers(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/api/log`);
  await answer.body?.cancel();
  return answer.ok;
}

Deno.test("L11: a folder that is deleted while the server runs is noticed before anything is acknowledged", () =>
  inData(async (data) => {
    const server = await startServer(0, ["--data", data]);
    const viewer = await LoggingViewer.greet(server.port);
    await viewer.log();
    await viewer.show(COFFEE);
    await viewer.client.taken("logged");
    // In one step: a folder that is written into meanwhile cannot be emptied.
    await Deno.rename(data, `${data}-away`);
    await Deno.remove(`${data}-away`, { recursive: true });
    await viewer.show(CAMERA);
    const error = await viewer.client.taken("error");
    assert.equal(error.code, "data-gone");
    assert.match(error.message, /1 entry was not written/);
    assert.equal((await viewer.client.taken("log")).on, false);
    assert.ok((await reasonsOf(server.url)).includes("log-failed"));
    // The next try begins a new log, which outlives a crash.
    await viewer.log();
    await viewer.show(COFFEE);
    const { id, label } = await viewer.client.taken("logged");
    assert.deepEqual(await reasonsOf(server.url), []);
    await server.kill();
    await viewer[Symbol.asyncDispose]();
    await using after = await startServer(0, ["--data", data]);
    assert.deepEqual((await entriesOf(after.url)).map((entry) => [entry.id, entry.label]), [[id, label]]);
  }));

Deno.test("L11: a server whose log cannot be opened starts without one, says why, and has it once it can", () =>
  inData(async (data) => {
    const newer = new DatabaseSync(`${data}/log.sqlite`);
    newer.exec("PRAGMA user_version = 99");
    newer.close();
    await using server = await startServer(0, ["--data", data]);
    const { status, reasons } = await (await fetch(`${server.url}/healthz`)).json();
    assert.deepEqual([status, reasons], ["degraded", ["log-failed"]]);
    const listed = await fetch(`${server.url}/api/log`);
    const { code, message } = await listed.json();
    assert.deepEqual([listed.status, code], [503, "data-unusable"]);
    assert.match(message, /Its terminal says why/);
    await using viewer = await LoggingViewer.greet(server.port);
    await viewer.log();
    assert.equal((await viewer.client.taken("error")).code, "data-unusable");
    assert.equal((await viewer.client.taken("log")).on, false);
    await Deno.remove(`${data}/log.sqlite`);
    await until(() => logAnswers(server.url), (answers) => answers);
    await viewer.log();
    await viewer.show(COFFEE);
    await viewer.client.taken("logged");
    assert.equal((await entriesOf(server.url)).length, 1);
    assert.deepEqual(await reasonsOf(server.url), []);
  }));

Deno.test("L11: a log that another program has locked keeps nothing but itself waiting, and loses no entry", () =>
  inData(async (data) => {
    await using server = await startServer(0, ["--data", data]);
    await using viewer = await LoggingViewer.greet(server.port);
    await viewer.log();
    await viewer.show(COFFEE);
    await viewer.client.taken("logged");
    const other = new DatabaseSync(`${data}/log.sqlite`);
    other.exec("BEGIN IMMEDIATE");
    await viewer.show(CAMERA);
    let slowestMs = 0;
    // Until the write has given up for the first time, after 5 s.
    while (!(await reasonsOf(server.url)).includes("log-failed")) {
      const since = performance.now();
      await viewer.show(COFFEE);
      slowestMs = Math.max(slowestMs, (performance.now() - since) / SHOWN_FRAMES);
    }
    assert.ok(slowestMs < 500, `a frame took ${slowestMs} ms`);
    other.exec("ROLLBACK");
    other.close();
    await viewer.client.taken("logged");
    await viewer.client.taken("logged");
    const labels = (await entriesOf(server.url)).map(({ label }) => label.split(",")[0]);
    assert.deepEqual(labels, ["espresso", "tripod", "espresso"]);
    assert.deepEqual(await reasonsOf(server.url), []);
  }));

Deno.test("L10: only pages on the server's own machine may turn the log on, unless the operator lets all", () =>
  inData(async (data) => {
    for (const who of ["own", "all"]) {
      await using server = await startServer(0, ["--data", data, "--log-who", who]);
      await using relay = startRelay(server.port, FROM_ELSEWHERE);
      for (
        const [port, right] of [[server.port, "allowed"], [
          relay.port,
          who === "all" ? "allowed" : "own-machine",
        ]]
      ) {
        await using client = await LiveClient.connect(Number(port));
        client.say({ type: "hello", version: PROTOCOL_VERSION, view: GRAD_CAM_VIEW });
        assert.equal((await client.taken("welcome")).log, right);
        client.say({ type: "log", on: true });
        if (right === "allowed") assert.equal((await client.taken("log")).on, true);
        else assert.equal((await client.taken("error")).code, "log-refused");
      }
    }
  }));

Deno.test("L9: a viewer from elsewhere pushes none of the own entries out, however much it writes", () =>
  inData(async (data) => {
    await using server = await startServer(0, ["--data", data, "--log-who", "all", "--log-mb", "1"]);
    await using operator = await LoggingViewer.greet(server.port);
    await operator.log();
    await operator.show(COFFEE);
    const own = await operator.client.taken("logged");
    await using relay = startRelay(server.port, FROM_ELSEWHERE);
    await using other = await LoggingViewer.greet(relay.port);
    await other.log();
    let [first, last] = [0, 0];
    for (let span = 0; span < 24; span++) {
      await other.show(span % 2 === 0 ? CAMERA : COFFEE);
      last = (await other.client.taken("logged")).id;
      if (first === 0) first = last;
    }
    const ids = (await entriesOf(server.url)).map(({ id }) => id);
    assert.ok(ids.includes(own.id), "the operator's entry is gone");
    assert.ok(ids.includes(last) && !ids.includes(first), "the log was not full");
  }));
