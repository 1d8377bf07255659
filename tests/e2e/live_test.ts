/** The live path in real Chromium. */
import assert from "node:assert/strict";
import { decodeTile, type Tile } from "../../shared/codec.ts";
import { startServer } from "../support/server.ts";
import {
  becomes,
  freeze,
  heat,
  openBrowser,
  pictures,
  restingPicture,
  scene,
  skipped,
  startCamera,
  startOwnServer,
  until,
  waitForLabel,
} from "./_scene.ts";

/** Where the cup is in the centre square of coffee.jpg, as shares of its side. */
const CUP = { left: 0.17, right: 0.77, top: 0.04, bottom: 0.78 };

scene("the camera's coffee is an espresso and the heatmap lies on the cup", "/", async ({ page }) => {
  await startCamera(page);
  await waitForLabel(page, "espresso");
  const { x, y } = await until(page, () => heat(page), ({ weight }) => weight > 0, "heatmap");
  assert.ok(x > CUP.left && x < CUP.right && y > CUP.top && y < CUP.bottom, `centre of mass at ${x}, ${y}`);
  const age = await until(page, () => page.getByTestId("age").innerText(), (text) => /\d/.test(text), "age");
  assert.match(age, /^\d+ ms$/);
});

scene("another method and another target layer change the size of the map", "/", async ({ page }) => {
  const heights: number[] = [];
  page.on("websocket", (socket) => {
    socket.on("framereceived", ({ payload }) => {
      if (typeof payload !== "string") heights.push(payload.readUInt16LE(16));
    });
  });
  await page.reload();
  await startCamera(page);
  await waitForLabel(page, "espresso");
  const next = (height: number) => {
    heights.length = 0;
    return until(page, () => heights, (seen) => seen.includes(height), `maps of ${height} rows`);
  };
  const method = page.getByTestId("method");
  const same = page.getByTestId("same-map");
  await same.getByText("Grad-CAM, XGrad-CAM, HiResCAM and CAM give the same map here").waitFor();
  await method.click();
  await page.getByTestId("option-hirescam").getByText("Here the same map as Grad-CAM").waitFor();
  await page.getByTestId("option-layercam").click();
  await same.waitFor({ state: "detached" });
  await next(7);
  await page.getByTestId("layer").selectOption("block10_add");
  await next(14);
  assert.equal(await page.getByTestId("layer").inputValue(), "block10_add");
  // By keyboard, found by words of its sentence; the field has the focus again.
  await method.press("Enter");
  await page.getByTestId("method-search").pressSequentially("finer detail");
  await page.getByTestId("option-layercam").waitFor();
  await page.getByTestId("method-search").fill("whichever");
  await page.keyboard.press("Enter");
  await page.getByTestId("method-picker").waitFor({ state: "detached" });
  assert.equal(await method.inputValue(), "hirescam");
  assert.ok(await method.evaluate((field) => field === document.activeElement), "the field lost the focus");
  assert.equal(await same.count(), 0, "at an earlier layer the maps differ");
  await next(14);
  assert.equal(await page.getByTestId("layer").inputValue(), "block10_add", "the layer stays");
  await page.getByTestId("method").selectOption("saliency");
  await next(224);
  assert.equal(await page.getByTestId("layer").count(), 0, "saliency needs no layer");
});

scene("switching to occlusion shows tiles, and freezing completes the map", "/", async ({ page }) => {
  await startCamera(page);
  await waitForLabel(page, "espresso");
  const tiles: number[] = [];
  page.on("websocket", (socket) => {
    socket.on("framereceived", ({ payload }) => {
      if (typeof payload !== "string") tiles.push(payload.readUInt16LE(16));
    });
  });
  await page.reload();
  await startCamera(page);
  await page.getByTestId("method").selectOption("occlusion");
  await until(page, () => tiles, (heights) => heights.includes(14), "tiles of 14 rows");
  await page.getByTestId("freeze").click();
  await page.getByText("complete", { exact: false }).first().waitFor({ timeout: 60_000 });
});

/** Index and name of a class that the picture shows, too, behind its espresso. */
const SPATULA = { index: 813, label: "spatula" };
const ESPRESSO = 967;

scene("a lock explains the locked class alone: its map, row and caption, until it is off", "/", async (
  { page },
) => {
  const tiles: Tile[] = [];
  page.on("websocket", (socket) => {
    socket.on("framereceived", ({ payload }) => {
      if (typeof payload !== "string") tiles.push(decodeTile(new Uint8Array(payload)));
    });
  });
  await page.reload();
  await startCamera(page);
  await waitForLabel(page, "espresso");
  await freeze(page);
  const first = await restingPicture(page);
  const espresso = await until(page, () => tiles.at(-1), Boolean, "a map");
  assert.equal(espresso?.classIndex, ESPRESSO);

  tiles.length = 0;
  await page.getByTestId("class-lock").fill(SPATULA.label);
  await page.keyboard.press("Enter");
  await until(page, () => tiles.at(-1), Boolean, "the map of the locked class");
  const locked = await restingPicture(page);
  const spatula = tiles.at(-1);
  assert.deepEqual([...new Set(tiles.map(({ classIndex }) => classIndex))], [SPATULA.index]);
  assert.equal(spatula?.complete, true);
  assert.notDeepEqual(spatula?.values, espresso?.values);
  await becomes(page, () => page.getByTestId("class-lock").inputValue(), SPATULA.label, "the field");
  const explained = page.locator('.predictions .row[data-target="true"]');
  await becomes(page, () => explained.locator(".name").allInnerTexts(), [SPATULA.label], "what is explained");
  assert.equal(await explained.getByRole("button").getAttribute("aria-pressed"), "true");
  assert.equal(await page.getByTestId("top-label").innerText(), "espresso", "the predictions stay");
  await page.keyboard.press("p");
  await page.mouse.move(200, 200);
  await page.getByTestId("present-menu").click();
  await page.getByTestId("present-method").check();
  await page.getByTestId("present-method-line").getByText("Grad-CAM: evidence for spatula").waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");

  tiles.length = 0;
  await explained.getByRole("button").click();
  await until(page, () => tiles.at(-1), Boolean, "the map of the first class");
  const again = await restingPicture(page);
  // A scale follows a stream slowly and starts afresh with another class: shades may differ by one step of sixteen.
  assert.ok(
    furthest(again, first) <= 1 && furthest(locked, first) > 1,
    "the first class's map is drawn again",
  );
  assert.deepEqual([...new Set(tiles.map(({ classIndex }) => classIndex))], [ESPRESSO]);
  assert.deepEqual(tiles.at(-1)?.values, espresso?.values);
  await becomes(page, () => explained.locator(".name").allInnerTexts(), ["espresso"], "what is explained");
  assert.equal(await page.locator('.predictions [aria-pressed="true"]').count(), 0);
});

/** The largest difference of two pictures as `picture()` reads them, in its steps. */
function furthest(a: string, b: string): number {
  const others = b.split(",");
  return Math.max(...a.split(",").map((step, place) => Math.abs(Number(step) - Number(others[place]))));
}

scene("a late map of the picture before does not lie over another picture", "/", async ({ page }) => {
  const held: { readonly tile: Tile; readonly send: () => void }[] = [];
  let holds = true;
  await page.routeWebSocket(/\/ws$/, (near) => {
    near.connectToServer().onMessage((message) => {
      const send = () => near.send(message);
      if (typeof message === "string" || !holds) send();
      else held.push({ tile: decodeTile(new Uint8Array(message)), send });
    });
  });
  await page.reload();
  const isOfSample = ({ tile }: { readonly tile: Tile }) => tile.classIndex === ESPRESSO;
  await until(page, () => held.some(isOfSample), Boolean, "the map of the sample");
  await page.getByTestId("file").setInputFiles("tests/fixtures/photos/chelsea.png");
  await until(page, () => held.every(isOfSample), (every) => !every, "the map of the photo");
  for (const { send } of held.filter(isOfSample)) send();
  await pictures(page, 10);
  assert.equal((await heat(page)).weight, 0, "the sample's map lies over the photo");
  holds = false;
  for (const { send } of held.filter((one) => !isOfSample(one))) send();
  await page.getByText("complete, exact for this picture").waitFor();
  await until(page, () => heat(page), ({ weight }) => weight > 0, "the photo's own map");
});

scene("freezing stops the frames", "/", async ({ page }) => {
  let sent = 0;
  page.on("websocket", (socket) => {
    socket.on("framesent", ({ payload }) => {
      if (typeof payload !== "string") sent++;
    });
  });
  await page.reload();
  await startCamera(page);
  await until(page, () => sent, (count) => count > 10, "frames before the freeze");
  await freeze(page);
  // The frozen picture itself was the last one.
  const atFreeze = sent;
  await pictures(page, 60);
  assert.equal(sent, atFreeze, "frames were sent after the freeze");
});

Deno.test({
  name: "the server is killed and started again: the page is live again by itself",
  ignore: skipped,
  async fn() {
    await using own = await startOwnServer();
    const { server, data } = own;
    await using browser = await openBrowser();
    const { page, context } = await browser.open(server.url);
    await startCamera(page);
    await waitForLabel(page, "espresso");
    await server.kill();
    await page.getByTestId("connection").getByText(/offline|connecting/).first().waitFor();
    await using again = await startServer(server.port, ["--data", data]);
    await page.getByTestId("connection").getByText("live").waitFor();
    await waitForLabel(page, "espresso");
    assert.equal(again.port, server.port);
    await context.close();
  },
});

const ADDRESS = "/?method=occlusion&class=goldfish&colormap=cividis&opacity=0.6";

scene(
  "the address sets the start state, live on a sample photo before any permission",
  ADDRESS,
  async ({ page }) => {
    const classes: number[] = [];
    page.on("websocket", (socket) => {
      socket.on("framereceived", ({ payload }) => {
        if (typeof payload !== "string") classes.push(payload.readUInt32LE(12));
      });
    });
    await page.reload();
    await page.getByTestId("connection").getByText("live").waitFor();
    await until(page, () => classes, (indexes) => indexes.length > 0, "tiles");
    assert.deepEqual([...new Set(classes)], [1], "goldfish is class 1");
    assert.equal(await page.getByTestId("method").inputValue(), "occlusion");
    assert.equal(await page.getByRole("slider", { name: /opacity/i }).inputValue(), "0.6");
    assert.ok(await page.getByTestId("start-camera").isVisible());
  },
);
