/** Recordings that end by themselves, and pictures that turn midway. */
import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { Page } from "playwright-core";
import type { Sidecar } from "../../shared/sidecar.ts";
import { greyPictures, probe, WHOLE_BYTES } from "../support/numbered.ts";
import { keep, preview, record, seconds, stop } from "./_recording.ts";
import { scene, startCamera, until, waitForLabel } from "./_scene.ts";

/** Keeps maps beside the film. */
async function besides(page: Page): Promise<void> {
  await page.getByTestId("record-menu").click();
  await page.getByTestId("record-beside").check();
  await page.keyboard.press("Escape");
}

/** Every explained picture has its scale, its view and, somewhere before, its map. */
function assertPlays({ frames, views, model, labels }: Sidecar): void {
  const explained = frames.filter(({ frame }) => frame !== null);
  assert.ok(explained.length > 5, `${explained.length} explained pictures`);
  assert.ok(explained.every(({ scale }) => scale !== null && scale.high > 0), "scales");
  assert.ok(explained[0]?.map !== null, "a map");
  assert.deepEqual(new Set(frames.map(({ view }) => views[view]?.name)), new Set(["Grad-CAM"]));
  assert.deepEqual([model.name, views[0]?.unit], ["EfficientNet-Lite0", "logits"]);
  assert.ok(Object.values(labels).includes("espresso"));
}

/** The opacity of what lies over the preview's picture inside its square. */
const drawn = (page: Page) =>
  page.getByTestId("replay-map").evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const { data } = canvas.getContext("2d")!.getImageData(200, 120, 240, 240);
    return data.reduce((sum, value, at) => at % 4 === 3 ? sum + value : sum, 0) / 240 ** 2;
  });

for (
  const [what, end] of [
    ["a camera that is unplugged", (page) =>
      page.locator("video.media").evaluate((video) => {
        const [track] = ((video as HTMLVideoElement).srcObject as MediaStream).getVideoTracks();
        track?.dispatchEvent(new Event("ended"));
      })],
    ["another picture", (page) => page.keyboard.press("c")],
    ["a stop out of a hidden tab's pause", async (page) => {
      await page.evaluate(() => {
        Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      });
      await page.keyboard.press("r");
    }],
  ] as const satisfies readonly (readonly [string, (page: Page) => Promise<void>])[]
) {
  scene(`${what} leaves a recording that plays with its map`, "/", async ({ page }) => {
    await startCamera(page);
    await waitForLabel(page, "espresso");
    await besides(page);
    await record(page, 2);
    await end(page);
    await preview(page).waitFor();
    assert.equal(await page.getByTestId("preview-name").inputValue(), "espresso, Grad-CAM");
    await until(page, () => drawn(page), (alpha) => alpha > 5, "the map of the preview");
    const { path, sidecar } = await keep(page);
    assertPlays(sidecar);
    await Deno.remove(path);
  });
}

/** In place of the camera: a canvas whose centre square is white, of one shape and then of the other. */
function turnOnDemand(): void {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d")!;
  const draw = (width: number, height: number) => {
    [canvas.width, canvas.height] = [width, height];
    const side = Math.min(width, height);
    context.fillStyle = "#808080";
    context.fillRect(0, 0, width, height);
    context.fillStyle = "#fff";
    context.fillRect((width - side) / 2, (height - side) / 2, side, side);
  };
  let size: readonly [number, number] = [640, 480];
  const step = () => {
    draw(...size);
    requestAnimationFrame(step);
  };
  step();
  Object.assign(globalThis, { turn: () => size = [480, 640] });
  navigator.mediaDevices.getUserMedia = () => Promise.resolve(canvas.captureStream(30));
}

scene(
  "a camera that turns keeps its shape on the stage and in the film, its square where it was",
  "/",
  async (
    { page },
  ) => {
    await page.addInitScript(turnOnDemand);
    await page.reload();
    await startCamera(page);
    // Without its heatmap the white square of the picture is seen as it is.
    await page.keyboard.press("h");
    await record(page, 1);
    await page.evaluate(() => (globalThis as unknown as { turn(): void }).turn());
    await page.locator('video.media[data-orient="portrait"]').waitFor();
    const boxes = () =>
      Promise.all(
        [".square", "video.media", ".overlay"].map((one) => page.locator(one).first().boundingBox()),
      );
    const near = (is: number, exact: number) => Math.abs(is - exact) <= 1;
    await until(
      page,
      boxes,
      ([square, video, overlay]) =>
        square && video && overlay
          ? isDeepStrictEqual(overlay, square) &&
            near(video.width, square.width) &&
            near(video.height, square.height * 4 / 3) &&
            near(video.y + video.height / 2, square.y + square.height / 2)
          : false,
      "square, picture and map of the turned camera",
    );
    const now = await seconds(page);
    await until(page, () => seconds(page), (time) => time > now + 1, "the time of the recording");
    await stop(page);
    const { path, sidecar } = await keep(page);
    assert.deepEqual(sidecar.views.map(({ picture }) => picture), [[640, 480], [480, 640]]);
    const { streams: [film] } = await probe(path);
    assert.deepEqual([film?.width, film?.height], [640, 480]);
    for (const [place, grey] of (await greyPictures(path, WHOLE_BYTES)).entries()) {
      const turned = sidecar.frames[place]?.view === 1;
      // Below the caption; the outline has 65 % of white, its picture below is dimmed.
      const line = [...grey.subarray(300 * 640, 301 * 640)];
      const left = line.findIndex((value) => value > 215);
      const right = line.findLastIndex((value) => value > 215) + 1;
      assert.ok(
        Math.abs(left - (turned ? 140 : 80)) <= 1 && Math.abs(right - (turned ? 500 : 560)) <= 1,
        `picture ${place}: the square from ${left} to ${right}`,
      );
      // A white square that was not where the film's own lies would be seen beside it, dimmed or not.
      assert.ok(line.slice(0, left - 4).every((value) => value < 70), `picture ${place}: left of the square`);
    }
    await Deno.remove(path);
  },
);
