/** An engine that computes or waits for ever, in the product's own processes: it is ended at once, and nothing of it stays. */
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { GRAD_CAM_VIEW, LiveClient } from "../support/live_client.ts";
import type { ListedProcess } from "../support/processes.ts";
import { startServer } from "../support/server.ts";

const LOOPING_ENGINE = new URL("../support/looping_engine.ts", import.meta.url);

const PHOTO = await Deno.readFile("tests/fixtures/photos/coffee.png");

/** Classes whose map is computed for ever there, or waited for, and one whose map ends. */
const LOOPS = 13;
const WAITS = 12;
const ANSWERS = 14;

/** Every so many hangs, the first and the last among them, one computes: ten would keep a core from other tests. */
const LOOPING = 3;

const HANGS = 10;

/** From the hang of this number on memory is compared: what is allocated once has been by then. */
const SETTLED = 3;

/** How soon a map is there again, in ms after the one before was given up; on a machine that others use, two starts of a server. */
const LIVE_AGAIN_MS = 3_000;

/** Memory of a server grows and shrinks by this much of itself, in bytes; what a hang used to leave was 150 MB. */
const NOISE_BYTES = 50_000_000;

/** How long the processes are watched while nobody asks for anything, in ms. */
const IDLE_MS = 4_000;

const sumOf = (processes: readonly ListedProcess[], of: "rssBytes" | "cpuSeconds") =>
  processes.reduce((sum, one) => sum + one[of], 0);

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

Deno.test({
  name:
    "Z5: an engine that hangs ten times is live again each time, and leaves no core, memory or process behind",
  ignore: Deno.build.os === "windows",
  async fn() {
    const data = await Deno.makeTempDir({ prefix: "gradcast-hang-" });
    try {
      const startedMs = performance.now();
      await using server = await startServer(0, ["--data", data], [], { engineEntry: LOOPING_ENGINE });
      const liveAgainMs = Math.max(LIVE_AGAIN_MS, 2 * (performance.now() - startedMs));
      await using client = await LiveClient.greet(server.port);
      const health = async () => await (await fetch(`${server.url}/healthz`)).json();
      let revision = GRAD_CAM_VIEW.revision;
      const lock = async (index: number): Promise<void> => {
        const view = { ...GRAD_CAM_VIEW, revision: ++revision, target: { kind: "class", index } };
        client.say({ type: "view", view });
        await client.message("view");
      };
      /** Sends a frame and waits for its result. */
      const see = async (): Promise<void> => {
        client.frame(revision, PHOTO);
        await client.message("result");
      };

      await lock(ANSWERS);
      await see();
      const againMs: number[] = [];
      const seen: (readonly ListedProcess[])[] = [];
      for (let hang = 1; hang <= HANGS; hang++) {
        // The frame on the page is explained again.
        await lock(hang % LOOPING === 1 ? LOOPS : WAITS);
        assert.equal((await client.message("error")).code, "engine-failed");
        const begun = performance.now();
        const { status, reasons, engine } = await health();
        assert.equal(status, "degraded");
        assert.ok(
          reasons.includes("engine-restarting") || reasons.includes("engine-restarted"),
          reasons.join(),
        );
        assert.equal(engine.restarts, hang);
        await lock(ANSWERS);
        await see();
        againMs.push(performance.now() - begun);
        seen.push(await server.processes());
      }
      assert.ok(median(againMs) <= liveAgainMs, `live again after ${againMs.map(Math.round)} ms`);

      assert.deepEqual(seen.map(({ length }) => length), seen.map(() => 3), "launcher, server, engine");
      const rss = (of: (processes: readonly ListedProcess[]) => readonly ListedProcess[]) => {
        const bytes = seen.map((processes) => sumOf(of(processes), "rssBytes"));
        return { before: median(bytes.slice(SETTLED, SETTLED + 3)), after: median(bytes.slice(-3)), bytes };
      };
      const own = rss((processes) => processes.filter(({ pid }) => pid === server.pid));
      const all = rss((processes) => processes);
      assert.ok(own.after - own.before <= NOISE_BYTES, `server: ${own.bytes}`);
      assert.ok(all.after - all.before <= NOISE_BYTES, `all: ${all.bytes}`);

      const before = sumOf(await server.processes(), "cpuSeconds");
      await pause(IDLE_MS);
      const idle = sumOf(await server.processes(), "cpuSeconds") - before;
      // Listed in whole seconds, of three processes.
      assert.ok(idle <= 1, `${idle} s of computing within ${IDLE_MS} ms`);
      assert.equal((await health()).engine.restarts, HANGS);
    } finally {
      await Deno.remove(data, { recursive: true });
    }
  },
});
