/** Looking inside over HTTP (PROTOCOL.md, I), on a real port. */
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { decodePicture, type Engine } from "../../server/engine/mod.ts";
import { createMemoryEngine } from "../../server/engine/testing/memory_engine.ts";
import { activations, featureVisualization } from "../../server/methods/mod.ts";
import { readNpy } from "../../server/report/mod.ts";
import { type ErrorCode, ERRORS } from "../../shared/errors.ts";
import { decodeInside, type FeatureLine, type Inside } from "../../shared/inside.ts";
import { MAX_API_REQUESTS, MAX_FEATURE_RUNS, TOP_CHANNELS } from "../../shared/limits.ts";
import { serve, type TestServer } from "../support/live_client.ts";
import { openShipped } from "../support/shipped_engine.ts";

const COFFEE = "tests/fixtures/photos/coffee.png";

/** Begins like a PNG, which is all that the in-memory engine asks. */
const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);

function address({ port }: TestServer, path: string): string {
  return `http://127.0.0.1:${port}${path}`;
}

function ask(server: TestServer, query: string, body: BodyInit = PNG): Promise<Response> {
  return fetch(address(server, `/api/inside${query}`), {
    method: "POST",
    body,
    headers: { "content-type": "image/png" },
  });
}

async function insideOf(answer: Response): Promise<Inside> {
  assert.equal(answer.status, 200);
  return decodeInside(new Uint8Array(await answer.arrayBuffer()));
}

async function assertRefused(answer: Response, code: ErrorCode, message: RegExp): Promise<void> {
  const body = await answer.json();
  assert.deepEqual([body.code, answer.status], [code, ERRORS[code].status], body.message);
  assert.match(body.message, message);
}

async function linesOf(answer: Response): Promise<FeatureLine[]> {
  assert.equal(answer.status, 200);
  return (await answer.text()).trim().split("\n").map((line) => JSON.parse(line));
}

/** Steps in which a silent channel has to wake: twice as many as have redirected gradients. */
const AWAKE_STEPS = 32;

/** A picture of noise that nothing but decay has changed ends below this, of 255; the start has 12. */
const FLAT_DEVIATION = 8;

/** Standard deviation of all colours of a picture, 0…255. */
function deviationOf(rgb: Uint8Array): number {
  const mean = rgb.reduce((sum, value) => sum + value, 0) / rgb.length;
  return Math.sqrt(rgb.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rgb.length);
}

/** Waits until the server has so many guests; whatever makes it so passes through the event loop meanwhile. */
async function untilGuests({ hub }: TestServer, wanted: number): Promise<void> {
  while ((await hub.stats()).guests !== wanted) await setImmediate();
}

Deno.test("I4: an unknown layer, page, channel, class or name is refused by its code", async () => {
  await using server = serve(createMemoryEngine());
  const cases: [string, ErrorCode, RegExp][] = [
    ["?layer=pool", "unknown-layer", /got 'pool'/],
    ["?layer=nowhere", "unknown-layer", /got 'nowhere'/],
    ["?page=2", "bad-option", /has 10 channels, that is 1 page, got 2/],
    ["?page=0", "bad-option", /'page': expected a whole number from 1/],
    ["?channel=10", "bad-option", /features has the channels 0 to 9, got 10/],
    ["?channel=-1", "bad-option", /'channel': expected a whole number from 0/],
    ["?class=nobody", "unknown-class", /'nobody'/],
    ["?class=top1,top2", "bad-option", /expected one class, got 'top1,top2'/],
    ["?chanel=1", "bad-option", /'chanel': there is no such name, did you mean channel/],
  ];
  for (const [query, code, message] of cases) await assertRefused(await ask(server, query), code, message);
  await assertRefused(await ask(server, "", "nothing"), "frame-format", /./);
  await assertRefused(await fetch(address(server, "/api/inside")), "method-not-allowed", /POST/);
});

Deno.test("I6: a visualisation that cannot be made is refused before it begins", async () => {
  await using server = serve(createMemoryEngine());
  const cases: [string, ErrorCode, RegExp][] = [
    ["?layer=nowhere&of=channel", "unknown-layer", /'nowhere'/],
    ["?of=channel&channel=10", "bad-option", /channels 0 to 9, got 10/],
    ["?of=channel&steps=0", "bad-option", /'steps'/],
    ["?step=10", "bad-option", /did you mean steps/],
  ];
  for (const [query, code, message] of cases) {
    await assertRefused(await fetch(address(server, `/api/feature${query}`)), code, message);
  }
});

Deno.test("looking inside, with the real engine", async (t) => {
  const engine: Engine = await openShipped();
  const photo = await Deno.readFile(COFFEE);
  {
    await using server = serve(engine);
    const explain = (query: string) =>
      fetch(address(server, `/api/explain${query}`), {
        method: "POST",
        body: photo,
        headers: { "content-type": "image/png" },
      });

    await t.step("I1, I2: a page holds 256 channels as `activations` defines them", async () => {
      const last = await insideOf(await ask(server, "?layer=head_relu6&page=5&channel=1279", photo));
      assert.deepEqual(
        { ...last.head, contributions: null, extent: null },
        {
          ...{
            layer: "head_relu6",
            height: 7,
            width: 7,
            tileHeight: 7,
            tileWidth: 7,
            channels: 1280,
            extent: null,
          },
          ...{ page: 5, pages: 5, first: 1024, shown: 256, channel: 1279, contributions: null },
        },
      );
      const grid = readNpy(
        new Uint8Array(
          await (await explain(`?method=${activations.id}&layer=head_relu6&page=5&format=npy`))
            .arrayBuffer(),
        ),
      );
      const [, width = 0] = grid.shape;
      // Channel 17 of the page lies in the second row, second column.
      for (let cell = 0; cell < 49; cell++) {
        const place = (7 + Math.floor(cell / 7)) * width + 7 + cell % 7;
        assert.ok(Math.abs((grid.values[place] ?? NaN) - (last.tiles[17 * 49 + cell] ?? NaN)) <= 0.51);
      }
      const first = await insideOf(await ask(server, "?layer=head_relu6", photo));
      assert.deepEqual([first.head.first, first.raw], [0, null]);
      assert.notDeepEqual(first.tiles, last.tiles);
      const fine = await insideOf(await ask(server, "?layer=stem_relu6&channel=0", photo));
      const { height, width: cells, tileHeight, tileWidth } = fine.head;
      assert.deepEqual([height, cells, tileHeight, tileWidth], [112, 112, 56, 56]);
      assert.deepEqual([fine.raw?.length, fine.tiles.length], [112 * 112, 32 * 56 * 56]);
      assert.ok(
        last.raw?.every((value) => value >= 0 && value <= 6),
        "raw values are those behind the ReLU6",
      );
    });

    await t.step("I3: at the last layer the channels add up to the logit less its bias", async () => {
      const { head } = await insideOf(await ask(server, "?layer=head_relu6&class=espresso", photo));
      const other = await insideOf(await ask(server, "?layer=head_relu6&class=goldfish", photo));
      const { contributions } = head;
      assert.ok(contributions !== null && other.head.contributions !== null);
      assert.deepEqual([contributions.target.label, contributions.exact], ["espresso", true]);
      assert.equal(contributions.top.length, TOP_CHANNELS);
      const sizes = contributions.top.map(({ value }) => Math.abs(value));
      assert.deepEqual(sizes, sizes.toSorted((a, b) => b - a));
      assert.ok(Math.abs(contributions.total - contributions.target.logit) < 0.5, "biases are small");
      assert.notDeepEqual(contributions.top, other.head.contributions.top);
      const early = await insideOf(await ask(server, "?layer=block10_add&class=top1", photo));
      assert.equal(early.head.contributions?.target.label, "espresso");
      assert.equal(early.head.contributions?.exact, false);
    });

    await t.step(
      "I5: a visualisation is sent step by step and ends with its picture in colours",
      async () => {
        const query = "?of=channel&layer=block10_add&channel=3&steps=12";
        const lines = await linesOf(await fetch(address(server, `/api/feature${query}`)));
        const steps = lines.map((line) => "step" in line ? line.step : -1);
        assert.deepEqual([...new Set(steps)], Array.from({ length: 13 }, (_, step) => step));
        const pictures = lines.filter((line) => "png" in line && line.png !== null);
        assert.equal(pictures.length, 3, "the start, every tenth step and the last");
        assert.ok(lines.every((line) => "step" in line && !line.silent));
        const last = lines.at(-1);
        assert.ok(last !== undefined && "png" in last && last.png !== null && last.done);
        const { width, height, rgb } = await decodePicture(Uint8Array.fromBase64(last.png));
        assert.deepEqual([width, height], [224, 224]);
        assert.ok(rgb.some((value, at) => at % 3 === 0 && value !== rgb[at + 1]), "colours, not greys");
        assert.equal(featureVisualization.subject, "network");
      },
    );

    await t.step("I7: a visualisation that was finished is answered with its last line alone", async () => {
      const query = "?of=channel&layer=block10_add&channel=5&steps=3";
      const ask = async () => await linesOf(await fetch(address(server, `/api/feature${query}`)));
      const first = await ask();
      assert.ok(first.length > 3, `${first.length} lines`);
      const last = first.at(-1);
      assert.ok(last !== undefined && "done" in last && last.done);
      assert.deepEqual(await ask(), [last]);
    });

    await t.step(
      "I5: the six channels that count most for espresso all wake, and none ends flat",
      async () => {
        const { head } = await insideOf(await ask(server, "?class=espresso", photo));
        const channels = head.contributions?.top.slice(0, 6).map(({ channel }) => channel) ?? [];
        assert.equal(channels.length, 6);
        const meanOf = async (channel: number, png: Uint8Array<ArrayBuffer>) => {
          const { raw } = await insideOf(await ask(server, `?channel=${channel}`, png));
          assert.ok(raw !== null);
          return raw.reduce((sum, value) => sum + value, 0) / raw.length;
        };
        for (const channel of channels) {
          const query = `?of=channel&channel=${channel}&steps=${AWAKE_STEPS}`;
          const lines = await linesOf(await fetch(address(server, `/api/feature${query}`)));
          const pictures = lines.flatMap((line) => "step" in line && line.png !== null ? [line.png] : []);
          const [start, end] = [pictures[0], pictures.at(-1)].map((png) => Uint8Array.fromBase64(png ?? ""));
          assert.ok(start !== undefined && end !== undefined);
          const [before, after] = [await meanOf(channel, start), await meanOf(channel, end)];
          assert.ok(after > before + 0.5, `channel ${channel} went from ${before} to ${after}`);
          const { rgb } = await decodePicture(end);
          assert.ok(deviationOf(rgb) > FLAT_DEVIATION, `channel ${channel} ends flat: ${deviationOf(rgb)}`);
        }
      },
    );

    await t.step("I6: two run at a time, and one that is given up makes room", async () => {
      const runs = Array.from({ length: MAX_FEATURE_RUNS }, () => new AbortController());
      const open = await Promise.all(
        runs.map(({ signal }, channel) =>
          fetch(address(server, `/api/feature?of=channel&channel=${channel}&steps=5000`), { signal })
        ),
      );
      assert.ok(MAX_FEATURE_RUNS < MAX_API_REQUESTS, "pictures keep places beside them");
      const refused = await fetch(address(server, "/api/feature?of=channel&channel=9"));
      assert.ok(refused.headers.has("retry-after"));
      await assertRefused(refused, "busy", /2 visualisations run at a time/);
      for (const run of runs) run.abort();
      for (const { body } of open) await body?.cancel().catch(() => {});
      await untilGuests(server, 0);
      await linesOf(await fetch(address(server, "/api/feature?of=channel&channel=9&steps=1")));
    });

    await t.step("I8: a server that stops ends a visualisation with `server-closing`", async () => {
      const answer = await fetch(address(server, "/api/feature?of=channel&channel=4&steps=5000"));
      server.hub.shutdown();
      const last = (await linesOf(answer)).at(-1);
      assert.ok(last !== undefined && "code" in last);
      assert.equal(last.code, "server-closing");
    });
  }
  await engine.close();
});
