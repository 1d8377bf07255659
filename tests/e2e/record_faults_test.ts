/** What ends or pauses a recording: the part until then is kept. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { makeNoisyWebcam, probe } from "../support/numbered.ts";
import { downloaded, keep, preview, record, seconds } from "./_recording.ts";
import { ownScene, scene, startCamera, until, waitForLabel } from "./_scene.ts";

/** What the preview says about the end of a recording that nobody stopped. */
async function cause(page: Page): Promise<string> {
  await preview(page).waitFor();
  const text = await page.getByTestId("preview-cause").innerText();
  const { path, sidecar } = await keep(page);
  const { streams: [video] } = await probe(path);
  assert.equal(Number(video?.nb_read_frames), sidecar.frames.length);
  await Deno.remove(path);
  return text;
}

scene("another picture ends a recording, and the part until then is kept", "/", async ({ page }) => {
  await startCamera(page);
  await waitForLabel(page, "espresso");
  await record(page, 2);
  await page.keyboard.press("c");
  assert.match(await cause(page), /camera was lost/);
});

for (const broken of ["says so", "never answers"] as const) {
  scene(`an encoder that breaks and ${broken} ends a recording, and the part until then is kept`, "/", async (
    { page },
  ) => {
    await page.addInitScript((silent) => {
      // As a codec of the graphics card that is lost, when a laptop wakes for example.
      const Real = VideoEncoder;
      /** Pictures before it breaks. */
      const BEFORE = 12;
      globalThis.VideoEncoder = class extends Real {
        readonly #init: VideoEncoderInit;
        #count = 0;
        constructor(init: VideoEncoderInit) {
          super(init);
          this.#init = init;
        }
        override get encodeQueueSize() {
          return this.#count > BEFORE ? 8 : super.encodeQueueSize;
        }
        override encode(frame: VideoFrame, options?: VideoEncoderEncodeOptions) {
          if (++this.#count <= BEFORE) return super.encode(frame, options);
          if (silent || this.#count > BEFORE + 1) return;
          this.close();
          this.#init.error(new DOMException("The codec is lost", "EncodingError"));
        }
        override flush() {
          return silent ? new Promise<void>(() => {}) : super.flush();
        }
      };
    }, broken === "never answers");
    await page.reload();
    await startCamera(page);
    await waitForLabel(page, "espresso");
    await page.keyboard.press("r");
    assert.match(await cause(page), /could not continue encoding/);
  });
}

scene("a hidden tab pauses a recording", "/", async ({ page }) => {
  await startCamera(page);
  await waitForLabel(page, "espresso");
  await record(page, 1);
  const show = (state: string) =>
    page.evaluate((state) => {
      Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, state);
  await show("hidden");
  await page.locator('[data-testid="record-hud"][data-paused="true"]').waitFor();
  await show("visible");
  await page.locator('[data-testid="record-hud"][data-paused="false"]').waitFor();
  await until(page, () => seconds(page), (now) => now >= 2, "it continues");
});

scene(
  "a disk that gets full ends a recording, and the part until then can be saved",
  "/",
  async ({ page }) => {
    await page.addInitScript(() => {
      // As a full disk answers; Chromium's own limit cannot be set for a page's private files.
      FileSystemFileHandle.prototype.createWritable = () =>
        Promise.reject(new DOMException("The disk is full", "QuotaExceededError"));
    });
    await page.reload();
    await startCamera(page);
    await page.keyboard.press("r");
    await preview(page).waitFor();
    assert.match(await page.getByTestId("preview-cause").innerText(), /no more room/);
    await page.getByTestId("preview-keep").click();
    await page.getByTestId("preview-problem").getByText("Save it as a file").waitFor();
    const { path } = await downloaded(page, () => page.getByTestId("preview-save").click());
    const { streams: [video], format: { duration } } = await probe(path);
    assert.equal(video?.codec_name, "h264");
    assert.ok(Number(duration) > 0.3, duration);
    await Deno.remove(path);
  },
  { webcam: makeNoisyWebcam },
);

ownScene(
  "a server that is gone ends a recording, and the part until then is kept",
  "/",
  async ({ page, server }) => {
    await startCamera(page);
    await waitForLabel(page, "espresso");
    // The library's code comes from the server, too.
    await page.keyboard.press("b");
    await page.getByTestId("clips").waitFor();
    await page.keyboard.press("b");
    await record(page, 2);
    await server.kill();
    await preview(page).waitFor();
    assert.match(await page.getByTestId("preview-cause").innerText(), /server could not be reached/);
    await page.getByTestId("preview-keep").click();
    await preview(page).waitFor({ state: "detached" });
    await page.keyboard.press("b");
    await page.getByTestId("clip").waitFor();
  },
  { expected: /WebSocket connection|ERR_CONNECTION|Failed to fetch/ },
);
