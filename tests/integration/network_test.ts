/** The network drawn over HTTP (PROTOCOL.md, I9 to I13), on a real port. */
import assert from "node:assert/strict";
import * as v from "valibot";
import { createMemoryEngine } from "../../server/engine/testing/memory_engine.ts";
import { type ErrorCode, ERRORS } from "../../shared/errors.ts";
import { decodeInside } from "../../shared/inside.ts";
import { MAX_DRAWN_CELLS } from "../../shared/limits.ts";
import { decodeNetwork, DRAWN_CHANNELS, type DrawnNetwork } from "../../shared/network.ts";
import { serve, type TestServer } from "../support/live_client.ts";
import { openShipped } from "../support/shipped_engine.ts";

/** Begins like a PNG, which is all that the in-memory engine asks. */
const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);

/** Numbers of float32 in another order of sums than the reference's float64, in logits. */
const TOLERANCE = 2e-3;

const GoldenSchema = v.object({
  class: v.number(),
  logit: v.number(),
  bias: v.number(),
  stages: v.array(v.object({
    layer: v.string(),
    total: v.number(),
    drawn: v.array(v.number()),
    values: v.array(v.number()),
    lines: v.optional(v.array(v.array(v.number()))),
  })),
});

function ask({ port }: TestServer, path: string, body: BodyInit = PNG): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}/api/${path}`, {
    method: "POST",
    body,
    headers: { "content-type": "image/png" },
  });
}

async function drawingOf(answer: Response): Promise<DrawnNetwork> {
  assert.equal(answer.status, 200);
  return decodeNetwork(new Uint8Array(await answer.arrayBuffer()));
}

function assertClose(a: readonly number[], b: readonly number[], what: string): void {
  assert.equal(a.length, b.length, what);
  for (const [at, value] of a.entries()) {
    assert.ok(Math.abs(value - (b[at] ?? NaN)) <= TOLERANCE, `${what}: ${value} instead of ${b[at]}`);
  }
}

Deno.test("I13: what cannot be drawn is refused by its code", async () => {
  await using server = serve(createMemoryEngine());
  const cases: [string, ErrorCode, RegExp][] = [
    ["?class=nobody", "unknown-class", /'nobody'/],
    ["?class=top1,top2", "bad-option", /expected one class, got 'top1,top2'/],
    ["?drawn=0", "bad-option", /'drawn': expected 1 to 8 channels of a stage, got 0/],
    ["?drawn=9", "bad-option", /got 9/],
    ["?drawn=x", "bad-option", /'drawn': expected a whole number/],
    ["?lines=2", "bad-option", /'lines': expected 0 or 1, got '2'/],
    ["?channels=1;2", "bad-option", /expected channels of 1 stages?, got 2/],
    ["?channels=1,x", "bad-option", /expected whole numbers .*, got 'x'/],
    ["?channels=10", "bad-option", /features has the channels 0 to 9, got 10/],
    ["?channels=0,1,2,3,4,5,6,7,8", "bad-option", /1 to 8 channels of a stage, got 9/],
    ["?channels=1&drawn=2", "bad-option", /got both/],
    ["?layer=features", "bad-option", /'layer' and 'channel' together, got 'layer' alone/],
    ["?channel=1", "bad-option", /got 'channel' alone/],
    ["?layer=pool&channel=1", "unknown-layer", /a layer that is drawn, features, got 'pool'/],
    ["?layer=features&channel=10", "bad-option", /channels 0 to 9, got 10/],
    ["?line=1", "bad-option", /'line': there is no such name, did you mean lines/],
    ["?page=1", "bad-option", /'page': there is no such name/],
  ];
  for (const [query, code, message] of cases) {
    const answer = await ask(server, `network${query}`);
    const body = await answer.json();
    assert.deepEqual([body.code, answer.status], [code, ERRORS[code].status], `${query}: ${body.message}`);
    assert.match(body.message, message);
  }
  const refused = await (await ask(server, "network", "no picture")).json();
  assert.equal(refused.code, "frame-format");
});

Deno.test("I12: a head without a gradient is drawn by mean activations, and says so", async () => {
  const memory = createMemoryEngine();
  await using server = serve({ ...memory, model: { ...memory.model, withoutGradients: true } });
  const { head } = await drawingOf(await ask(server, "network?class=top1&lines=1"));
  assert.equal(head.measure, "activity");
  assert.equal(typeof head.target?.label, "string");
});

Deno.test("the network drawn, with the real engine", async (t) => {
  const engine = await openShipped();
  const photo = await Deno.readFile("tests/fixtures/photos/coffee.png");
  const golden = v.parse(
    GoldenSchema,
    JSON.parse(await Deno.readTextFile("tests/reference/goldens/drawing-coffee.json")),
  );
  {
    await using server = serve(engine);
    const drawn = await drawingOf(
      await ask(server, "network?class=top1&lines=1&layer=block4_add&channel=3", photo),
    );
    const { head } = drawn;

    await t.step("I9: stages, channels and values are those that PyTorch finds", () => {
      assert.deepEqual([head.measure, head.target?.index], ["contribution", golden.class]);
      assert.deepEqual(head.stages.map(({ layer }) => layer), golden.stages.map(({ layer }) => layer));
      for (const [at, stage] of golden.stages.entries()) {
        const found = head.stages[at];
        assert.deepEqual(found?.drawn.map(({ channel }) => channel), stage.drawn, stage.layer);
        assertClose(found.drawn.map(({ value }) => value), stage.values, stage.layer);
        assertClose([found.total], [stage.total], `total of ${stage.layer}`);
        assert.ok(found.magnitude >= Math.abs(found.total));
      }
    });

    await t.step("I11: at the last stage all channels add up to the logit less its bias", () => {
      const last = head.stages.at(-1);
      assertClose([last?.total ?? NaN], [golden.logit - golden.bias], "the last stage");
      assert.deepEqual(head.stages.map(({ exact }) => exact), [false, false, false, false, true]);
    });

    await t.step("I11: lines are those of finite differences", () => {
      for (const [at, { layer, lines }] of golden.stages.entries()) {
        const found = head.stages[at]?.lines ?? null;
        if (lines === undefined) assert.equal(found, null, layer);
        else assertClose(found ?? [], lines.flat(), `lines from ${layer}`);
      }
    });

    await t.step(
      "I10: thumbnails are small, peaks are the largest activations, the channel asked for is raw",
      async () => {
        const inside = decodeInside(
          new Uint8Array(await (await ask(server, "inside?layer=block4_add&channel=3", photo)).arrayBuffer()),
        );
        assert.deepEqual(head.raw, { stage: 2, channel: 3 });
        assert.deepEqual(drawn.raw, inside.raw);
        const [numbers, stage] = [drawn.numbers[2], head.stages[2]];
        assert.equal(numbers?.peaks[3], Math.max(...inside.raw ?? []));
        assert.equal(inside.raw?.[numbers.cells[3] ?? -1], numbers.peaks[3]);
        assert.deepEqual([stage?.tileHeight, stage?.tileWidth], [28, 28]);
        const place = stage?.drawn.findIndex(({ channel }) => channel === 3) ?? -1;
        assert.deepEqual(
          [...numbers.tiles.slice(place * 784, (place + 1) * 784)],
          [...inside.tiles.slice(3 * 784, 4 * 784)],
        );
        assert.ok(head.stages.every(({ tileHeight }) => tileHeight <= MAX_DRAWN_CELLS));
      },
    );

    await t.step("I12: named channels without a class are drawn as they were named", async () => {
      const named = await drawingOf(await ask(server, "network?channels=3,1;;;111;", photo));
      assert.deepEqual([named.head.measure, named.head.target], ["activity", null]);
      assert.deepEqual(
        named.head.stages.map(({ drawn }) => drawn.map(({ channel }) => channel)),
        [[3, 1], [], [], [111], []],
      );
      const plain = await drawingOf(await ask(server, "network", photo));
      assert.ok(
        plain.head.stages.every(({ drawn, lines }) => drawn.length === DRAWN_CHANNELS && lines === null),
      );
    });
  }
  await engine.close();
});
