/** The live path over a real socket with the real engine, held to the PyTorch goldens. */
import assert from "node:assert/strict";
import { decodePicture, fitInput } from "../../server/engine/mod.ts";
import { readNpy } from "../../server/report/mod.ts";
import { correlation, readGolden } from "../support/goldens.ts";
import { GRAD_CAM_VIEW, LiveClient, serve } from "../support/live_client.ts";
import { openShipped } from "../support/shipped_engine.ts";

Deno.test("frames become results and maps", async (t) => {
  const engine = await openShipped();
  await using server = serve(engine);

  for (const photo of ["coffee", "chelsea", "camera"]) {
    await t.step(`${photo}: the result and the Grad-CAM map agree with PyTorch`, async () => {
      const golden = await readGolden(photo);
      await using client = await LiveClient.greet(server.port);
      client.frame(1, await Deno.readFile(`tests/fixtures/photos/${photo}.png`));
      const { predictions, times, target } = await client.message("result");
      const [top] = predictions;
      assert.ok(top !== undefined && predictions.length === 5);
      assert.equal(top.index, golden.classes[0]);
      assert.deepEqual(target, top);
      assert.ok(Math.abs(top.logit - (golden.logits[top.index] ?? NaN)) < 1e-4);
      assert.equal(times.captured, 1);
      const tile = await client.tile(({ complete }) => complete);
      const map = await readNpy(await Deno.readFile(golden.file("grad-cam", top.index)));
      assert.deepEqual([tile.mapHeight, tile.mapWidth, tile.classIndex], [...map.shape, top.index]);
      assert.ok(correlation(tile.values, map.values) >= 0.9999);
    });
  }

  await t.step("F8: pixels of the input's size are taken as they are", async () => {
    const file = await Deno.readFile("tests/fixtures/photos/chelsea.png");
    const { width, height } = engine.model;
    const { rgb } = fitInput(await decodePicture(file), width, height);
    await using client = await LiveClient.greet(server.port);
    client.frame(1, file);
    const { predictions } = await client.message("result");
    client.frame(2, rgb, { format: "rgb" });
    assert.deepEqual((await client.message("result")).predictions, predictions);
  });

  await t.step("a locked class gets its own map, at once for the frame that is shown", async () => {
    const golden = await readGolden("coffee");
    const [first, second] = golden.classes;
    assert.ok(first !== undefined && second !== undefined);
    await using client = await LiveClient.greet(server.port);
    client.frame(1, await Deno.readFile("tests/fixtures/photos/coffee.png"));
    await client.tile(({ classIndex }) => classIndex === first);
    client.say({
      type: "view",
      view: { ...GRAD_CAM_VIEW, revision: 2, target: { kind: "class", index: second } },
    });
    const { target, revision } = await client.message("result");
    assert.deepEqual([target.index, revision], [second, 2]);
    const tile = await client.tile(({ classIndex, complete }) => classIndex === second && complete);
    const map = await readNpy(await Deno.readFile(golden.file("grad-cam", second)));
    assert.ok(correlation(tile.values, map.values) >= 0.9999);
  });

  await t.step(
    "T5: panes share the cost of a map that they show alike, and a row that is known costs nothing",
    async () => {
      await using client = await LiveClient.greet(server.port);
      const picture = await Deno.readFile("tests/fixtures/photos/chelsea.png");
      const costOf = async (pane: number, frame: number, revision: number) =>
        (await client.tile((tile) =>
          tile.complete && tile.pane === pane && tile.frame === frame && tile.revision === revision
        )).costMs;
      const startMs = performance.now();
      client.frame(1, picture);
      const alone = await costOf(0, 1, 1);
      assert.ok(alone > 0 && alone < performance.now() - startMs, `${alone} ms`);
      client.say({ type: "view", view: { ...GRAD_CAM_VIEW, revision: 2 } });
      assert.equal(await costOf(0, 1, 2), 0);
      client.say({ type: "panes", panes: [{ ...GRAD_CAM_VIEW, id: 1, revision: 5 }] });
      assert.equal(await costOf(1, 1, 5), 0);
      const secondMs = performance.now();
      client.frame(2, picture);
      const [main, pane] = [await costOf(0, 2, 2), await costOf(1, 2, 5)];
      assert.equal(main, pane);
      assert.ok(main > 0 && main + pane < performance.now() - secondMs, `${main} ms and ${pane} ms`);
    },
  );

  await t.step("occlusion of a still frame streams tiles and ends with the exact map", async () => {
    const golden = await readGolden("coffee");
    await using client = await LiveClient.greet(server.port, { ...GRAD_CAM_VIEW, method: "occlusion" });
    client.frame(1, await Deno.readFile("tests/fixtures/photos/coffee.png"));
    let tiles = 0;
    let lastProgress = 0;
    const complete = await client.tile((tile) => {
      tiles++;
      assert.ok(tile.progress >= lastProgress);
      lastProgress = tile.progress;
      return tile.complete;
    });
    assert.ok(tiles > 10, `${tiles} tiles`);
    const map = await readNpy(await Deno.readFile(golden.file("occlusion", complete.classIndex)));
    assert.deepEqual([complete.rows, complete.columns], map.shape);
    assert.ok(correlation(complete.values, map.values) >= 0.9999);
  });

  await t.step("occlusion of a moving picture sends tiles between the frames", async () => {
    await using client = await LiveClient.greet(server.port, { ...GRAD_CAM_VIEW, method: "occlusion" });
    const picture = await Deno.readFile("tests/fixtures/photos/coffee.png");
    for (let id = 1; id <= 3; id++) {
      client.frame(id, picture, { still: false });
      await client.message("result");
      const tile = await client.tile();
      assert.ok(!tile.complete && tile.mapHeight === 14);
    }
  });

  await t.step("a frame of another size is cropped and resized", async () => {
    await using client = await LiveClient.greet(server.port);
    client.frame(1, await Deno.readFile("client/public/samples/coffee.jpg"), { format: "jpeg" });
    assert.equal((await client.message("result")).predictions[0]?.label, "espresso");
  });

  await t.step("frames that come faster than the engine are dropped, each with an answer", async () => {
    await using client = await LiveClient.greet(server.port);
    const picture = await Deno.readFile("tests/fixtures/photos/coffee.png");
    for (let id = 1; id <= 20; id++) client.frame(id, picture, { still: false });
    const dropped: number[] = [];
    let result = await client.message("result");
    while (result.frame !== 20) result = await client.message("result");
    dropped.push(result.dropped.superseded);
    assert.ok((dropped[0] ?? 0) >= 10, `${dropped[0]} dropped`);
  });

  await t.step("frames and jobs of viewers that left are forgotten", async () => {
    const stats = async () => (await server.hub.stats());
    while ((await stats()).viewers > 0) await Promise.resolve();
    const { engine: { frames }, scheduler: { waiting } } = await stats();
    assert.deepEqual([frames, waiting], [0, 0]);
  });

  await engine.close();
});
