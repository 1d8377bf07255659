/** What can be done while something is recorded, wherever the page shows it. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { makeWebcam, standing } from "../support/browser.ts";
import { probe } from "../support/numbered.ts";
import { keep, record, stop } from "./_recording.ts";
import { becomes, PHOTO, pictures, scene, startCamera, until, waitForLabel } from "./_scene.ts";

const CONTROLS = ["record-pause", "record-mark", "record-stop"] as const;

const WINDOWS = [[320, 568], [360, 640], [412, 915], [768, 1024], [1280, 720], [1920, 1080]] as const;

/** What lies over the controls, or out of the window, at the middle and near the corners of each. */
function covered(page: Page): Promise<string[]> {
  return page.evaluate((controls) =>
    controls.flatMap((id) => {
      const button = document.querySelector(`[data-testid="${id}"]`);
      const box = button?.getBoundingClientRect();
      if (button === null || box === undefined) return [`${id} is missing`];
      const [across, down] = [[0.15, 0.5, 0.85], [0.15, 0.5, 0.85]] as const;
      return across.flatMap((x) =>
        down.flatMap((y) => {
          const top = document.elementFromPoint(box.left + x * box.width, box.top + y * box.height);
          return button.contains(top) ? [] : [`${id} below ${top?.outerHTML.slice(0, 80) ?? "the window"}`];
        })
      );
    }), [...CONTROLS]);
}

scene(
  "nothing covers pause, marker and stop, in present mode and while maps are compared",
  "/",
  async ({ page }) => {
    await startCamera(page);
    await waitForLabel(page, "espresso");
    await record(page, 1);
    const check = async (what: string) => {
      for (const [width, height] of WINDOWS) {
        await page.setViewportSize({ width, height });
        // What present mode shows beside the picture is there while the pointer moves.
        await page.mouse.move(width / 2, height / 2);
        await page.mouse.move(width / 2 + 5, height / 2);
        await becomes(page, () => covered(page), [], `what covers ${what} at ${width} × ${height}`);
      }
    };
    await check("the page");
    await page.keyboard.press("p");
    await page.getByTestId("present-menu").click();
    await page.getByTestId("present-code").check();
    await page.keyboard.press("Escape");
    await page.locator(".code-card").waitFor();
    await page.keyboard.press("l");
    await page.locator(".toast").waitFor();
    await check("present mode");
    await page.keyboard.press("y");
    await page.locator('[data-testid="record-hud"][data-paused="true"]').waitFor();
    await check("present mode, paused");
    await page.keyboard.press("p");
    await page.keyboard.press("g");
    await page.getByTestId("pane-1").waitFor();
    await check("comparing");
    await page.getByTestId("pane-1").getByTestId("pane-enlarge").click();
    await check("another pane enlarged");
  },
);

scene("a pause looks like one: the word, no red dot, a clock that stands", "/", async ({ page }) => {
  await startCamera(page);
  await waitForLabel(page, "espresso");
  await record(page, 1);
  const hud = page.getByTestId("record-hud");
  assert.equal(await hud.locator(".recording-dot").count(), 1);
  await page.getByTestId("record-pause").click();
  await hud.getByText("Paused", { exact: true }).waitFor();
  assert.equal(await hud.locator(".recording-dot").count(), 0);
  const time = await page.getByTestId("record-time").innerText();
  const frame = await page.locator(".stage").evaluate((stage) =>
    getComputedStyle(stage, "::after").borderTopStyle
  );
  assert.equal(frame, "dashed");
  await pictures(page, 100);
  assert.equal(await page.getByTestId("record-time").innerText(), time);
  await page.getByTestId("record-pause").getByText("Resume").click();
  await hud.locator(".recording-dot").waitFor();
  assert.equal(await hud.getByText("Paused", { exact: true }).count(), 0);
});

/** Writes down which sizes the camera is asked for while it runs, as width and height in pixels. */
function noteSizes(): void {
  const asked: (readonly [unknown, unknown])[] = [];
  Object.assign(globalThis, { asked });
  const ideal = (wish: ConstrainULong | undefined) => typeof wish === "object" ? wish.ideal : wish;
  const { applyConstraints } = MediaStreamTrack.prototype;
  MediaStreamTrack.prototype.applyConstraints = function (constraints) {
    asked.push([ideal(constraints?.width), ideal(constraints?.height)]);
    return applyConstraints.call(this, constraints);
  };
}

scene(
  "a film has the size that the camera gives when it is asked for all that can be encoded in time",
  "/",
  async ({ page }) => {
    await page.addInitScript(noteSizes);
    await page.reload();
    await startCamera(page);
    await waitForLabel(page, "espresso");
    await record(page, 2, "real");
    const given = await page.locator("video.media").evaluate((element) => {
      const { videoWidth, videoHeight } = element as HTMLVideoElement;
      return [videoWidth, videoHeight];
    });
    await stop(page);
    const sizes = () =>
      page.evaluate(() =>
        (globalThis as unknown as { readonly asked: readonly (readonly [number, number])[] }).asked
      );
    const asked = await until(
      page,
      sizes,
      ({ length }) => length >= 2,
      "the sizes that the camera is asked for",
    );
    const steps = [[1_920, 1_080], [1_280, 720], [960, 720]].map(String);
    assert.ok(asked.length === 2 && steps.includes(String(asked[0])), `${asked}`);
    assert.deepEqual(asked[1], [960, 720], "afterwards the usual size again");
    // On a machine that keeps up, the camera's own size; its file is of 1280 × 720.
    if (String(asked[0]) !== steps.at(-1)) assert.deepEqual(given, [1_280, 720]);
    const { path, sidecar } = await keep(page);
    const { streams: [film] } = await probe(path);
    assert.deepEqual([film?.width, film?.height], given);
    assert.deepEqual([sidecar.width, sidecar.height], given);
    await Deno.remove(path);
  },
  { webcam: (folder) => makeWebcam(PHOTO, folder, standing(1_280, 720, 10)) },
);
