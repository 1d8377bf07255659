/** Clients that go away or take their time (N4, N5): what they leave behind is nothing. */
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import type { Hub, HubStats } from "../../server/app/mod.ts";
import type { Engine } from "../../server/engine/mod.ts";
import { createMemoryEngine } from "../../server/engine/testing/memory_engine.ts";
import { MAX_API_REQUESTS, MAX_BODIES_BYTES, MAX_FEATURE_RUNS } from "../../shared/limits.ts";
import { serve } from "../support/live_client.ts";
import { Wire } from "../support/wire.ts";

const SIZES = { "15 KB": 15_000, "1 MB": 1_000_000 };

const ROUTES = {
  explain: "/api/explain?method=occlusion",
  lines: "/api/explain?method=occlusion&format=lines",
  trust: "/api/explain?method=cam&trust=1",
  inside: "/api/inside",
  network: "/api/network?class=top1&lines=1",
  picture: "/api/picture",
};

/** As many bytes as wanted that begin like a PNG, which is all that the in-memory engine asks. */
function picture(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return bytes;
}

function head(method: string, path: string, length?: number): string {
  const body = length === undefined ? "" : `Content-Type: image/png\r\nContent-Length: ${length}\r\n`;
  return `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${body}\r\n`;
}

/** An engine that notes what it is asked for, and holds up what a test wants it to. */
function heldEngine(holds: "admit" | "run" | null): { engine: Engine; asked: string[]; go: () => void } {
  const memory = createMemoryEngine();
  const gate = Promise.withResolvers<void>();
  const asked: string[] = [];
  const ask = async (what: "admit" | "run") => {
    asked.push(what);
    if (what === holds) await gate.promise;
  };
  const engine: Engine = {
    ...memory,
    model: memory.model,
    async admit(...frame) {
      await ask("admit");
      return await memory.admit(...frame);
    },
    async run(batch) {
      await ask("run");
      return await memory.run(batch);
    },
  };
  return { engine, asked, go: gate.resolve };
}

async function until(hub: Hub, holds: (stats: HubStats) => boolean): Promise<void> {
  while (!holds(await hub.stats())) await setImmediate();
}

const isFree = ({ guests }: HubStats): boolean => guests === 0;

/** Turns of the event loop in which a server that continues computing would have asked for the next row. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await setImmediate();
}

Deno.test("N4: a client that goes before or within its body leaves nothing running", async (t) => {
  for (const [name, path] of Object.entries(ROUTES)) {
    for (const [size, length] of Object.entries(SIZES)) {
      for (const [moment, sent] of Object.entries({ before: 0, within: length >> 1 })) {
        await t.step(`${name}, ${size}, ${moment}`, async () => {
          const { engine, asked } = heldEngine(null);
          await using server = serve(engine);
          const wire = await Wire.open(server.port, head("POST", path, length));
          await wire.send(picture(length).subarray(0, sent));
          wire[Symbol.dispose]();
          await until(server.hub, () => server.connections === 0 && server.hub.bodies.bytes === 0);
          await turns();
          assert.deepEqual([asked, (await server.hub.stats()).guests], [[], 0]);
          assert.equal(server.hub.tally.health().ok, true, "the server has not failed");
        });
      }
    }
  }
});

Deno.test("N4: a client that goes after its body ends the work, and its place is free at once", async (t) => {
  for (const [name, path] of Object.entries(ROUTES)) {
    for (const [size, length] of Object.entries(SIZES)) {
      const moments = name === "picture" ? (["admit"] as const) : (["admit", "run"] as const);
      for (const holds of moments) {
        await t.step(`${name}, ${size}, at ${holds}`, async () => {
          const { engine, asked, go } = heldEngine(holds);
          await using server = serve(engine);
          const wire = await Wire.open(server.port, head("POST", path, length));
          await wire.send(picture(length));
          while (asked.at(-1) !== holds) await setImmediate();
          const before = asked.length;
          wire[Symbol.dispose]();
          await until(server.hub, isFree);
          assert.equal(server.hub.bodies.bytes, 0);
          go();
          await turns();
          assert.equal(asked.length, before, "no further row is computed");
          assert.equal(server.hub.tally.health().ok, true, "the server has not failed");
        });
      }
    }
  }
});

Deno.test("N4: a visualisation ends with its client, and others can be made", async () => {
  const { engine, asked, go } = heldEngine("run");
  await using server = serve(engine);
  for (let time = 0; time <= MAX_FEATURE_RUNS; time++) {
    const count = asked.length;
    const wire = await Wire.open(server.port, head("GET", `/api/feature?steps=${500 + time}`));
    // The first one's row is at the engine from then on, and those of the others wait behind it.
    while (asked.length <= count || !asked.includes("run")) await setImmediate();
    wire[Symbol.dispose]();
    await until(server.hub, isFree);
  }
  const before = asked.length;
  go();
  await turns();
  assert.equal(asked.length, before);
  using last = await Wire.open(server.port, head("GET", "/api/feature?steps=100"));
  assert.match(await last.until(/"done":true/), /^HTTP\/1\.1 200 /);
});

Deno.test("N4: HEAD computes nothing and takes no place", async () => {
  const { engine, asked } = heldEngine("run");
  await using server = serve(engine);
  for (let time = 0; time <= MAX_FEATURE_RUNS; time++) {
    using wire = await Wire.open(server.port, head("HEAD", "/api/feature?steps=500"));
    assert.match(await wire.until(/\r\n\r\n/), /^HTTP\/1\.1 200 [^]*application\/x-ndjson/);
  }
  using refused = await Wire.open(server.port, head("HEAD", "/api/feature?steps=x"));
  assert.match(await refused.until(/\r\n\r\n/), /^HTTP\/1\.1 400 /);
  for (const path of Object.values(ROUTES)) {
    using wire = await Wire.open(server.port, head("HEAD", path));
    assert.match(await wire.until(/\r\n\r\n/), /^HTTP\/1\.1 405 /);
  }
  await turns();
  assert.deepEqual([asked, (await server.hub.stats()).guests], [[], 0]);
});

Deno.test("N5: bodies that come slowly hold no places, whatever their number", async () => {
  await using server = serve(createMemoryEngine());
  const slow: Wire[] = [];
  for (let count = 0; count < 2 * MAX_API_REQUESTS; count++) {
    const wire = await Wire.open(server.port, head("POST", ROUTES.explain, 1_000));
    await wire.send(picture(500));
    slow.push(wire);
  }
  await until(server.hub, () => server.hub.bodies.bytes === 500 * slow.length);
  using quick = await Wire.open(server.port, head("POST", ROUTES.picture, 100));
  await quick.send(picture(100));
  assert.match(await quick.until(/notes/), /^HTTP\/1\.1 200 /);
  for (const wire of slow) wire[Symbol.dispose]();
});

Deno.test("N5: more bytes in bodies than the server holds receive busy", async () => {
  await using server = serve(createMemoryEngine());
  using others = server.hub.bodies.open({ from: null, own: true });
  others.take(MAX_BODIES_BYTES - 1_000);
  using wire = await Wire.open(server.port, head("POST", ROUTES.explain, 2_000));
  await wire.send(picture(2_000));
  assert.match(
    await wire.until(/words/),
    /^HTTP\/1\.1 503 [^]*"busy","message":"[^"]*expected at most 134217728 bytes/,
  );
  assert.equal(server.hub.bodies.bytes, MAX_BODIES_BYTES - 1_000);
});
