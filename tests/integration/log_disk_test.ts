/** A real server whose log is on a real disk that is full, or gets full (rule L11). */
import assert from "node:assert/strict";
import { CAMERA, COFFEE, entriesOf, inData, LoggingViewer, reasonsOf } from "../support/logging_viewer.ts";
import { startServer } from "../support/server.ts";
import { hasSmallDisks, withSmallDisk } from "../support/small_disk.ts";

/** Mounting needs user namespaces, which some systems do not give. */
const ignore = !await hasSmallDisks();
if (ignore) {
  Deno.stderr.writeSync(
    new TextEncoder().encode("SKIPPED: the log on a full disk, as this machine lets nobody mount one\n"),
  );
}

Deno.test({
  name:
    "L11: a disk that gets full turns the log off with its reason; what was acknowledged is there, the server runs on",
  ignore,
  fn: () =>
    inData(async (data) => {
      const disk = withSmallDisk({ at: data, bytes: 2_000_000 });
      await using server = await startServer(0, ["--data", data], disk);
      await using viewer = await LoggingViewer.greet(server.port);
      await viewer.log();
      let shown = 0;
      let error = null;
      while (error === null) {
        await viewer.show(++shown % 2 === 0 ? COFFEE : CAMERA);
        error = viewer.client.waiting("error");
      }
      assert.equal(error.code, "disk-full");
      assert.match(error.message, /full/);
      assert.equal((await viewer.client.taken("log")).on, false);
      assert.ok((await reasonsOf(server.url)).includes("log-failed"));
      const logged = [];
      for (let one = viewer.client.waiting("logged"); one !== null; one = viewer.client.waiting("logged")) {
        logged.push(one.id);
      }
      assert.ok(logged.length > 3, `${logged.length} entries`);
      assert.deepEqual((await entriesOf(server.url)).map(({ id }) => id).toReversed(), logged);
      // Frames are answered as before.
      await viewer.show(COFFEE);
      await viewer.log();
      await viewer.show(CAMERA);
      assert.equal((await viewer.client.taken("error")).code, "disk-full", "each try says so");
    }),
});

Deno.test({
  name: "L11: a server starts on a disk that is full: its log can be read, and is off when it is turned on",
  ignore,
  fn: () =>
    inData(async (from) => {
      {
        await using server = await startServer(0, ["--data", from]);
        await using viewer = await LoggingViewer.greet(server.port);
        await viewer.log();
        await viewer.show(COFFEE);
        await viewer.client.taken("logged");
      }
      await inData(async (data) => {
        const disk = withSmallDisk({ at: data, bytes: 2_000_000, from, full: true });
        await using server = await startServer(0, ["--data", data], disk);
        assert.equal((await entriesOf(server.url)).length, 1);
        await using viewer = await LoggingViewer.greet(server.port);
        await viewer.log();
        await viewer.show(CAMERA);
        assert.equal((await viewer.client.taken("error")).code, "disk-full");
        assert.equal((await viewer.client.taken("log")).on, false);
        assert.equal((await entriesOf(server.url)).length, 1);
      });
    }),
});

Deno.test({
  name: "L11: a server starts on a disk that was full before there was a log, and says so",
  ignore,
  fn: () =>
    inData(async (data) => {
      const disk = withSmallDisk({ at: data, bytes: 100_000, full: true });
      await using server = await startServer(0, ["--data", data], disk);
      const answer = await fetch(`${server.url}/api/log`);
      assert.deepEqual([answer.status, (await answer.json()).code], [507, "disk-full"]);
      assert.ok((await reasonsOf(server.url)).includes("log-failed"));
    }),
});
