/** Models whose inputs are not square in real Chromium: whatever is drawn shows the part that the model sees. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Locator, Page } from "playwright-core";
import { SPOT, spotPicture, writeShapedModels } from "../support/shaped_models.ts";
import { downloaded } from "./_recording.ts";
import { onServer, ownScene, until } from "./_scene.ts";

/** What a drawing shows of the picture. */
interface Shown {
  /** Width over height, as it lies on the screen. */
  readonly aspect: number;
  /** Middle of the white spot, or of the map's yellow over it, as shares of the sides; NaN where it is not there. */
  readonly spot: readonly [number, number];
  /** Pixels of the strips that a wide model does not see. */
  readonly red: number;
}

/** Where the spot is for a model: the picture's middle part of its shape, or the wide model's part of that. */
const WIDE = [SPOT.x / 640, (SPOT.y - 80) / 320] as const;
const TALL = [(SPOT.x - 200) / 240, SPOT.y / 480] as const;
const TALL_OF_WIDE = [(SPOT.x - 240) / 160, (SPOT.y - 80) / 320] as const;

/** Reads a canvas down to a share of its height; `map`: the middle of its opacity in place of the spot. */
function shown(canvas: Locator, map = false, share = 1): Promise<Shown> {
  return canvas.evaluate((element, { map, share }) => {
    if (!(element instanceof HTMLCanvasElement)) throw new TypeError("no canvas");
    const { width } = element;
    const height = element.height * share;
    const data = element.getContext("2d")?.getImageData(0, 0, width, height).data ?? [];
    let [x, y, weight, red] = [0, 0, 0, 0];
    for (let at = 0; at < width * height; at++) {
      const [r = 0, g = 0, , alpha = 0] = data.slice(4 * at, 4 * at + 4);
      const part = map ? alpha : r > 180 && g > 180 ? 1 : 0;
      weight += part;
      x += part * (at % width + 0.5);
      y += part * (Math.floor(at / width) + 0.5);
      if (!map && r > 150 && g < 50) red++;
    }
    const box = element.getBoundingClientRect();
    return {
      aspect: box.width / box.height / share,
      spot: [x / weight / width, y / weight / height] as const,
      red,
    };
  }, { map, share });
}

/** Waits until a drawing has a shape, and its spot or its map's middle a place. */
async function waitForShape(
  page: Page,
  read: () => Promise<Shown>,
  aspect: number,
  place: readonly [number, number],
  what: string,
): Promise<Shown> {
  const near = (is: number, exact: number) => Math.abs(is - exact) < 0.02;
  return await until(
    page,
    read,
    (is) =>
      Math.abs(is.aspect / aspect - 1) < 0.02 && is.spot.every((share, at) => near(share, place[at] ?? NaN)),
    what,
  );
}

/** Width over height of a canvas in its own pixels. */
function sidesOf(canvas: Locator): Promise<number> {
  return canvas.evaluate((element) =>
    element instanceof HTMLCanvasElement ? element.width / element.height : NaN
  );
}

/** The classes with at least 90 %, in the order of their rows. */
async function mostLikely(page: Page): Promise<readonly string[]> {
  const rows = page.locator("[data-target]:has(.number)");
  await rows.nth(2).waitFor();
  return await rows.evaluateAll((all) =>
    all.filter((row) => parseFloat(row.querySelector(".number")?.textContent ?? "") >= 90)
      .map((row) => row.querySelector(".name")?.textContent ?? "")
  );
}

/** A canvas with the pictures of a downloaded file, in place of what the page shows. */
async function opened(page: Page, act: () => Promise<unknown>): Promise<Locator> {
  const { path } = await downloaded(page, act);
  const base64 = (await Deno.readFile(path)).toBase64();
  await Deno.remove(path);
  await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes]));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height, canvas.id] = [image.width, image.height, "opened"];
    canvas.getContext("2d")?.drawImage(image, 0, 0);
    document.getElementById("opened")?.remove();
    document.body.append(canvas);
  }, base64);
  return page.locator("#opened");
}

ownScene(
  "stage, snapshot, panes, watch page and log show the part of the picture that their model sees",
  "/",
  async ({ page }) => {
    const open = () =>
      page.getByTestId("file").setInputFiles({
        name: "spot.png",
        mimeType: "image/png",
        buffer: Buffer.from(spotPicture()),
      });
    const overlay = page.getByTestId("overlay");
    const map = () => shown(overlay, true);
    await open();
    await waitForShape(page, map, 2, WIDE, "the map of the wide model");

    // Snapshot: the caption below it is 128 pixels high.
    await page.getByTestId("record-menu").click();
    const picture = await opened(page, () => page.getByText("Snapshot without heatmap").click());
    const read = () => shown(picture, false, 512 / (512 + 128));
    const { red } = await waitForShape(page, read, 2, WIDE, "the snapshot");
    assert.equal(red, 0, "the snapshot shows what the model does not see");

    // Panes, of the same model and of another shape, which sees the middle of what is sent.
    await page.keyboard.press("g");
    await page.getByTestId("add-pane").selectOption("model");
    const pane = (id: number, what: "picture" | "map") =>
      shown(
        page.getByTestId(`pane-${id}`).locator(what === "picture" ? ".pane-picture" : ".overlay"),
        what === "map",
      );
    const wide = await waitForShape(page, () => pane(3, "picture"), 2, WIDE, "the pane with the picture");
    assert.equal(wide.red, 0);
    await waitForShape(page, () => pane(4, "picture"), 0.5, TALL_OF_WIDE, "the tall model's pane");
    await waitForShape(page, () => pane(4, "map"), 0.5, TALL_OF_WIDE, "the tall model's map");
    await page.keyboard.press("g");

    // Another shape is switched to while the picture stands still, there and back.
    await page.keyboard.press("j");
    await waitForShape(page, map, 0.5, TALL, "the map of the tall model");
    // Its classes do not exclude each other.
    await page.getByTestId("predictions-hint").getByText("need not be 100 %").waitFor();
    assert.deepEqual(await mostLikely(page), ["bright", "lit"]);
    await page.keyboard.press("j");
    await waitForShape(page, map, 2, WIDE, "the map of the wide model again");

    // Those who watch, and the log.
    await page.keyboard.press("w");
    await page.getByTestId("show-start").click();
    const link = onServer(page, await page.getByTestId("watch-link").inputValue());
    const other = await page.context().newPage();
    await other.setViewportSize({ width: 360, height: 740 });
    await other.goto(link);
    const watched = await waitForShape(
      other,
      () => shown(other.locator(".watch-picture")),
      ...[2, WIDE, "the picture of those who watch"] as const,
    );
    assert.equal(watched.red, 0);
    await waitForShape(
      other,
      () => shown(other.locator(".overlay"), true),
      2,
      WIDE,
      "the map of those who watch",
    );
    await page.bringToFront();
    await page.keyboard.press("j");
    await waitForShape(
      other,
      () => shown(other.locator(".watch-picture")),
      ...[0.5, TALL, "the picture of those who watch another model"] as const,
    );
    await other.getByText("need not be 100 %").waitFor();
    assert.deepEqual(await mostLikely(other), ["bright", "lit"]);
    await other.close();

    // The log.
    await page.keyboard.press("j");
    await waitForShape(page, map, 2, WIDE, "the map of the wide model in the end");
    await page.keyboard.press("d");
    await page.getByTestId("log-switch").check();
    await page.getByTestId("log-sign").waitFor();
    const entries = page.getByTestId("log-entry");
    // Some frames of one label; a busy page may leave one of them out.
    await until(
      page,
      async () => {
        await open();
        await waitForShape(page, map, 2, WIDE, "the map of one more frame");
        return await entries.count();
      },
      (count) => count > 0,
      "entries of the log",
    );
    const thumbnail = entries.first().locator("canvas");
    await waitForShape(
      page,
      // It lies in the middle of a square on the screen; its own pixels have the shape.
      async () => ({ ...await shown(thumbnail), aspect: await sidesOf(thumbnail) }),
      ...[2, WIDE, "the picture in the log"] as const,
    );
  },
  { flags: async (folder) => (await writeShapedModels(folder)).flatMap((path) => ["--model", path]) },
);
