/** What is offered works: every method with every layer that it is offered with, on models of three kinds. */
import assert from "node:assert/strict";
import { openEngine } from "../../server/engine/mod.ts";
import { encodePng } from "../../server/report/mod.ts";
import { PROTOCOL_VERSION } from "../../shared/mod.ts";
import { LiveClient, serve } from "../support/live_client.ts";
import { saveFolder, SMALL_MODELS, SMALL_SIDE_PX } from "../support/keras_folder.ts";

/** Options that keep a method short. */
const SHORT: Readonly<Record<string, string>> = {
  "feature-visualization": "&steps=2",
  "score-cam": "&top-channels=2",
  "rise": "&masks=8",
  "smoothgrad": "&samples=2",
  "integrated-gradients": "&steps=2",
};

interface LayersAnswer {
  readonly layers: readonly {
    readonly name: string;
    readonly kind: string;
    readonly methods: readonly string[];
  }[];
}

/** A picture with something of every colour in it. */
function picture(): Uint8Array<ArrayBuffer> {
  const rgb = Uint8Array.from(
    { length: 3 * SMALL_SIDE_PX ** 2 },
    (_, at) => (at * 37 + (at >> 4) * 11) % 256,
  );
  return encodePng({ width: SMALL_SIDE_PX, height: SMALL_SIDE_PX, rgb });
}

for (const [what, make] of Object.entries(SMALL_MODELS)) {
  Deno.test(`V3: every method and layer that is offered works, of a ${what} model`, async () => {
    await using folder = await saveFolder(make());
    const engine = await openEngine({ modelDir: folder.path, threads: 1 });
    try {
      await using server = serve(engine);
      const url = `http://127.0.0.1:${server.port}/api`;
      const { layers }: LayersAnswer = await (await fetch(`${url}/layers`)).json();
      const body = picture();
      const explain = async (query: string) => {
        const headers = { "content-type": "image/png" };
        const answer = await fetch(`${url}/explain?${query}`, { method: "POST", body, headers });
        const text = await answer.text();
        assert.equal(answer.status, 200, `${query}: ${text}`);
        const { attribution } = JSON.parse(text);
        assert.ok([attribution.min, attribution.max].every(Number.isFinite), `${query}: ${text}`);
        return attribution;
      };
      let pairs = 0;
      for (const { name, methods } of layers) {
        if (methods.length > 0) {
          const inside = await fetch(`${url}/inside?layer=${encodeURIComponent(name)}&class=top1`, {
            method: "POST",
            body,
            headers: { "content-type": "image/png" },
          });
          assert.equal(inside.status, 200, `inside ${name}`);
          await inside.body?.cancel();
        }
        for (const method of methods) {
          const options = `${SHORT[method] ?? ""}${method === "feature-visualization" ? "&of=channel" : ""}`;
          const { layer } = await explain(`method=${method}&layer=${encodeURIComponent(name)}${options}`);
          assert.equal(layer, name);
          pairs++;
        }
      }
      assert.ok(what === "dense" ? pairs === 0 : pairs > 40, `${pairs} pairs`);

      await using client = await LiveClient.connect(server.port);
      client.say({
        type: "hello",
        version: PROTOCOL_VERSION,
        view: { revision: 1, method: "saliency", target: { kind: "rank", rank: 1 }, options: {} },
      });
      const welcome = await client.message("welcome");
      assert.ok(welcome.methods.length > 5);
      // The page offers each of these layers with each of these methods, and these methods with their own layer.
      const offered = welcome.layers.map(({ name }) => name);
      for (const { id, looksAt } of welcome.methods) {
        const own = layers.filter(({ methods }) => methods.includes(id)).map(({ name }) => name);
        if (looksAt === "any-layer") assert.deepEqual(offered, own, id);
        // Occlusion, say, has no layer to choose, and nor has a method on the only layer of a model.
        await explain(`method=${id}${SHORT[id] ?? ""}`);
      }
      for (const [index, { id, options }] of welcome.methods.entries()) {
        const given = new Map(new URLSearchParams(SHORT[id]));
        const short = Object.fromEntries(
          options.filter(({ name }) => given.has(name)).map(({ name }) => [name, Number(given.get(name))]),
        );
        const target = { kind: "class", index: 0 };
        const against = { kind: "class", index: 1 };
        const revision = index + 2;
        client.say({
          type: "panes",
          panes: [{ id: 1, revision, method: id, target, against, options: short }],
        });
        client.frame(revision, body);
        const answer = await client.tileOrError((tile) =>
          tile.pane === 1 && tile.revision === revision && tile.complete
        );
        assert.ok(
          "values" in answer && answer.values.every(Number.isFinite),
          `${id}: ${JSON.stringify(answer)}`,
        );
      }
      assert.ok(!offered.some((name) => layers.find((one) => one.name === name)?.kind === "InputLayer"));
    } finally {
      await engine.close();
    }
  });
}
