/** The page in real Chromium, with coffee.jpg as its webcam, against the real server. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { findChromium, makeWebcam, startBrowser } from "../support/browser.ts";
import { startServer } from "../support/server.ts";

/** Where the cup is in the centre square of coffee.jpg, as shares of its side. */
const CUP = { left: 0.17, right: 0.77, top: 0.04, bottom: 0.78 };

const chromium = await findChromium();
const skipped = chromium === null;
if (skipped) {
  Deno.stderr.writeSync(new TextEncoder().encode(
    "SKIPPED: every end-to-end test, as this machine has no Chromium (Debian: apt-get install chromium ffmpeg)\n",
  ));
}

interface Scene {
  readonly page: Page;
  readonly url: string;
}

/** Runs one test on a fresh page; page errors and refused content fail it. */
function scene(name: string, path: string, act: (scene: Scene) => Promise<void>): void {
  Deno.test({
    name,
    ignore: skipped,
    async fn() {
      const folder = await Deno.makeTempDir({ prefix: "gradcast-e2e-" });
      try {
        await using server = await startServer();
        await using browser = await startBrowser(chromium ?? "", await makeWebcam(PHOTO, folder), folder);
        const { page, context } = await browser.open(`${server.url}${path}`);
        const faults: string[] = [];
        page.on("pageerror", (error) => faults.push(error.message));
        page.on("console", (message) => {
          if (message.type() === "error") faults.push(message.text());
        });
        await act({ page, url: server.url });
        assert.deepEqual(faults, []);
        await context.close();
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

const PHOTO = "client/public/samples/coffee.jpg";

async function startCamera(page: Page): Promise<void> {
  await page.getByTestId("start-camera").click();
  await page.getByTestId("connection").getByText("live").waitFor();
}

/** Waits until the first prediction reads `label`. */
async function waitForLabel(page: Page, label: string): Promise<void> {
  await page.getByTestId("top-label").getByText(label).waitFor();
}

interface Heat {
  readonly x: number;
  readonly y: number;
  readonly weight: number;
}

/** Centre of mass of the overlay's opacity, as shares of its side; weight 0 where nothing is drawn. */
function heat(page: Page): Promise<Heat> {
  return page.getByTestId("overlay").evaluate((element) => {
    if (!(element instanceof HTMLCanvasElement)) throw new TypeError("the overlay is no canvas");
    const { width, height } = element;
    const data = element.getContext("2d")?.getImageData(0, 0, width, height).data;
    if (data === undefined) throw new TypeError("the overlay has no pixels");
    let weight = 0, x = 0, y = 0;
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const alpha = data[4 * (row * width + column) + 3] ?? 0;
        weight += alpha;
        x += alpha * (column + 0.5);
        y += alpha * (row + 0.5);
      }
    }
    return { x: x / weight / width, y: y / weight / height, weight };
  });
}

/** The overlay's opacity on a coarse grid, to tell two maps apart. */
function picture(page: Page): Promise<string> {
  return page.getByTestId("overlay").evaluate((element) => {
    if (!(element instanceof HTMLCanvasElement)) throw new TypeError("the overlay is no canvas");
    const data = element.getContext("2d")?.getImageData(0, 0, element.width, element.height).data ?? [];
    let text = "";
    for (let index = 3; index < data.length; index += 4 * 997) text += `${(data[index] ?? 0) >> 4},`;
    return text;
  });
}

/** How long a condition may take to come true, in ms. */
const PATIENCE_MS = 60_000;

/** Reads once per drawn picture of the page until `holds` is true. */
async function until<Value>(
  page: Page,
  read: () => Value | Promise<Value>,
  holds: (value: Value) => boolean,
  what: string,
): Promise<Value> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (performance.now() > deadlineMs) assert.fail(`${what}: last value is ${JSON.stringify(value)}`);
    await pictures(page, 1);
  }
}

/** Waits while the page draws `count` pictures. */
function pictures(page: Page, count: number): Promise<void> {
  return page.evaluate((count) =>
    new Promise<void>((resolve) => {
      const next = () => count-- > 0 ? requestAnimationFrame(next) : resolve();
      next();
    }), count);
}

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
  await page.getByTestId("method").selectOption("layercam");
  await next(7);
  await page.getByTestId("layer").selectOption("block10_add");
  await next(14);
  assert.equal(await page.getByTestId("layer").inputValue(), "block10_add");
  await page.getByTestId("method").selectOption("hirescam");
  await next(14);
  assert.equal(await page.getByTestId("layer").inputValue(), "block10_add", "the layer stays");
  await page.getByTestId("method").selectOption("saliency");
  await next(224);
  assert.equal(await page.getByTestId("layer").count(), 0, "saliency needs no layer");
});

scene("switching to occlusion brings tiles, and freezing completes the map", "/", async ({ page }) => {
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

scene("locking another class changes the map", "/", async ({ page }) => {
  await startCamera(page);
  await waitForLabel(page, "espresso");
  await page.getByTestId("freeze").click();
  const first = await until(page, () => picture(page), (text) => /[1-9]/.test(text), "a map");
  await page.getByTestId("class-lock").locator("input").or(page.locator("input[data-testid=class-lock]"))
    .first().fill("spatula");
  await page.keyboard.press("Enter");
  await until(page, () => picture(page), (text) => text !== first, "another map");
});

scene("freezing stops the frames", "/", async ({ page }) => {
  let sent = 0;
  page.on("websocket", (socket) => socket.on("framesent", () => sent++));
  await page.reload();
  await startCamera(page);
  await until(page, () => sent, (count) => count > 10, "frames before the freeze");
  await page.getByTestId("freeze").click();
  // The frozen picture itself is sent once more, and one frame may be on its way.
  const atFreeze = sent;
  await pictures(page, 60);
  assert.ok(sent - atFreeze <= 3, `${sent - atFreeze} frames were sent after the freeze`);
});

Deno.test({
  name: "the server is killed and started again: the page is live again by itself",
  ignore: skipped,
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "gradcast-e2e-" });
    try {
      const server = await startServer();
      await using browser = await startBrowser(chromium ?? "", await makeWebcam(PHOTO, folder), folder);
      const { page, context } = await browser.open(server.url);
      await startCamera(page);
      await waitForLabel(page, "espresso");
      await server.kill();
      await page.getByTestId("connection").getByText(/offline|connecting/).first().waitFor();
      {
        await using again = await startServer(server.port);
        await page.getByTestId("connection").getByText("live").waitFor();
        await waitForLabel(page, "espresso");
        assert.equal(again.port, server.port);
        await context.close();
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
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
