/** What is done on the stage: the divider, hiding the map, the mirror, videos and animations. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { makeFilm, makeWebcam, standing } from "../support/browser.ts";
import {
  becomes,
  freeze,
  heat,
  PHOTO,
  restingPicture,
  scene,
  startCamera,
  until,
  waitForLabel,
} from "./_scene.ts";

const divider = (page: Page) => page.getByTestId("divider");
const shown = (page: Page) => divider(page).getAttribute("aria-valuenow").then(Number);
/** Where the map is cut off, as the browser computes it. */
const cut = (page: Page) => page.locator(".map-host").evaluate((host) => getComputedStyle(host).clipPath);

async function square(page: Page): Promise<{ x: number; y: number; width: number }> {
  const box = await page.locator(".map-host").boundingBox();
  assert.ok(box !== null);
  return box;
}

scene("the divider stays where it is put, moves by keys and goes back to rest", "/", async ({ page }) => {
  await waitForLabel(page, "espresso");
  await becomes(page, () => cut(page), "none", "the cut at rest");
  const { x, y, width } = await square(page);
  await page.mouse.move(x + width * 0.8, y + 100);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.25, y + 100, { steps: 4 });
  await page.mouse.up();
  await becomes(page, () => shown(page), 25, "the divider");
  await until(page, () => cut(page), (path) => /^inset\(0px 75%/.test(path), "the cut at the divider");
  await divider(page).press("ArrowRight");
  await becomes(page, () => shown(page), 30, "the divider after an arrow");
  await divider(page).press("End");
  await becomes(page, () => cut(page), "none", "the cut at the end");
  await divider(page).press("ArrowLeft");
  await becomes(page, () => shown(page), 95, "the divider before the end");
  await page.keyboard.press("Escape");
  await becomes(page, () => shown(page), 100, "the divider after Escape");
  await divider(page).press("Home");
  await becomes(page, () => shown(page), 0, "the divider at its start");
  await page.locator(".stage").dblclick({ position: { x: 60, y: 60 } });
  await becomes(page, () => shown(page), 100, "the divider after a double press");
});

scene("H says on the stage and to screen readers that the map is hidden", "/", async ({ page }) => {
  await waitForLabel(page, "espresso");
  await page.keyboard.press("h");
  await page.getByTestId("map-hidden").getByText("Heatmap hidden").waitFor();
  await page.locator("[aria-live=polite]").getByText("heatmap hidden").waitFor();
  await page.keyboard.press("h");
  await page.getByTestId("map-hidden").waitFor({ state: "detached" });
});

scene("a camera that faces people is a mirror, and what is sent is none", "/", async ({ page }) => {
  await startCamera(page);
  await waitForLabel(page, "espresso");
  await page.locator('.stage[data-mirror="true"]').waitFor();
  await freeze(page);
  await restingPicture(page);
  const mirrored = await heat(page);
  assert.ok(mirrored.weight > 0, "there is a heatmap");
  const bare = await snapshot(page);
  // A hand that drags to the left leaves the map on the left, whatever the picture's own left is.
  await divider(page).press("ArrowLeft");
  await until(page, () => cut(page), (path) => /^inset\(0px 0px 0px 5%\)/.test(path), "the cut of a mirror");
  await page.keyboard.press("Escape");

  await page.getByTestId("mirror").uncheck();
  await page.locator('.stage[data-mirror="false"]').waitFor();
  await restingPicture(page);
  const same = await heat(page);
  assert.ok(Math.abs(same.x - mirrored.x) < 0.02, `the map itself moved: ${mirrored.x}, then ${same.x}`);
  const straight = await snapshot(page);
  assert.ok(distance(bare, straight) > 5, "the snapshot is not mirrored");
  assert.ok(
    distance(bare.map((row) => row.toReversed()), straight) < 1,
    "the snapshot is not the mirrored one",
  );

  await page.reload();
  await startCamera(page);
  await page.locator('.stage[data-mirror="false"]').waitFor();
  // A browser that people have: in the one without windows a camera has another id after each reload.
}, { webcam: (folder) => makeWebcam(PHOTO, folder, standing(640, 480, 5)) });

/** The snapshot without heatmap, as brightness of 32 × 32 cells of its square. */
async function snapshot(page: Page): Promise<number[][]> {
  await page.getByTestId("record-menu").click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByText("Snapshot without heatmap").click(),
  ]);
  const path = await Deno.makeTempFile({ suffix: ".png" });
  await file.saveAs(path);
  const base64 = (await Deno.readFile(path)).toBase64();
  await Deno.remove(path);
  return await page.evaluate(async (base64) => {
    const image = await createImageBitmap(
      new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))]),
    );
    const canvas = new OffscreenCanvas(32, 32);
    const context = canvas.getContext("2d");
    context?.drawImage(image, 0, 0, image.width, image.width, 0, 0, 32, 32);
    const data = context?.getImageData(0, 0, 32, 32).data ?? [];
    return Array.from(
      { length: 32 },
      (_, y) => Array.from({ length: 32 }, (_, x) => data[4 * (32 * y + x)] ?? 0),
    );
  }, base64);
}

/** Mean difference of two pictures' cells. */
function distance(a: number[][], b: number[][]): number {
  const cells = a.flatMap((row, y) => row.map((value, x) => Math.abs(value - (b[y]?.[x] ?? 0))));
  return cells.reduce((sum, one) => sum + one, 0) / cells.length;
}

scene(
  "a video has a seek bar and its sound, and one that cannot be played leaves it there",
  "/",
  async ({ page }) => {
    const folder = await Deno.makeTempDir({ prefix: "gradcast-e2e-" });
    await page.getByTestId("file").setInputFiles(await makeFilm(PHOTO, folder));
    await page.locator("video.media:not([hidden])").waitFor();
    await page.getByTestId("video-time").getByText("/ 0:04").waitFor();
    await page.getByTestId("freeze").click();
    const time = () =>
      page.locator("video.media").evaluate((video) => (video as HTMLVideoElement).currentTime);
    await page.getByTestId("video-seek").fill("3");
    await until(page, time, (now) => now === 3, "the time of the video");
    await page.getByTestId("video-time").getByText("0:03").waitFor();
    await page.getByText("complete", { exact: false }).first().waitFor();
    await page.getByTestId("video-seek").press("ArrowRight");
    await until(page, time, (now) => now > 3, "the time after a key");
    const muted = () => page.locator("video.media").evaluate((video) => (video as HTMLVideoElement).muted);
    assert.equal(await muted(), true);
    await page.getByTestId("video-sound").click();
    await becomes(page, muted, false, "whether the video is muted");

    await Deno.writeTextFile(`${folder}/broken.mp4`, "no video at all");
    await page.getByTestId("file").setInputFiles(`${folder}/broken.mp4`);
    await page.locator(".toast").getByText("not a video that this browser can play").waitFor();
    assert.equal(await page.locator(".stage").getAttribute("data-frozen"), "true");
    await page.locator(".media:not([hidden])").waitFor();
    await page.getByTestId("video-time").getByText("0:03").waitFor();

    await Deno.writeFile(`${folder}/two.gif`, TWO_PICTURES);
    await page.getByTestId("file").setInputFiles(`${folder}/two.gif`);
    await page.getByTestId("animated").getByText("Still of an animation").waitFor();
    await page.locator(".toast").getByText("its first picture is shown as a still").waitFor();
    await Deno.remove(folder, { recursive: true });
  },
);

/** A GIF of two white pictures of 1 × 1 px. */
const TWO_PICTURES = Uint8Array.from([
  ...[0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255],
  ...[0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x4c, 1, 0],
  ...[0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x4c, 1, 0],
  0x3b,
]);
