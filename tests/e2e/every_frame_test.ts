/** Every frame of a video in real Chromium: what is written is read back by ffmpeg. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { readSidecar } from "../../shared/read_sidecar.ts";
import { ffmpeg, makeNumbered, numbersOf, soundOf, timesOf } from "../support/videos.ts";
import { downloaded } from "./_recording.ts";
import { scene } from "./_scene.ts";

const FRAMES = 48;
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);
const entries = (page: Page) => page.getByTestId("every-frame-entry");
const inPhase = (page: Page, phase: string) =>
  page.locator(`[data-testid="every-frame-entry"][data-phase="${phase}"]`);

/** What the browser's private file system holds of films. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    const all = await (await navigator.storage.getDirectory()).getDirectoryHandle("every-frame", {
      create: true,
    });
    const names: string[] = [];
    for await (const folder of all.values()) {
      if (folder.kind === "directory") { for await (const name of folder.keys()) names.push(name); }
    }
    return names.toSorted();
  });

/** A hidden tab draws no frames, and its timers are slow. */
function actHidden(page: Page): Promise<void> {
  return page.evaluate(() => {
    const later = globalThis.setTimeout;
    Object.assign(globalThis, {
      requestAnimationFrame: () => 0,
      setTimeout: (act: () => void, ms = 0) => later(act, Math.max(1_000, ms)),
    });
    Object.defineProperty(document, "visibilityState", { value: "hidden" });
    Object.defineProperty(document, "hidden", { value: true });
  });
}

scene(
  "every frame of a video becomes a film, over a pause and a reload, and in a hidden tab",
  "/",
  async ({ page }) => {
    const folder = await Deno.makeTempDir({ prefix: "gradcast-every-frame-" });
    try {
      const clip = await makeNumbered(`${folder}/clip.mp4`, { frames: FRAMES, sound: true });
      await page.keyboard.press(".");
      await page.getByTestId("film-classes").uncheck();
      await page.getByTestId("film-caption").uncheck();
      await page.getByTestId("every-frame-file").setInputFiles(clip);
      await page.getByTestId("every-frame-words").getByText(/^[1-9]\d* of 48 frames/).waitFor();
      await page.getByTestId("every-frame-pause").click();
      await inPhase(page, "paused").waitFor();
      assert.deepEqual(await kept(page), ["0.chunk", "job.json"]);

      await page.goto(new URL("/?view=every-frame", page.url()).href);
      await inPhase(page, "asleep").waitFor();
      assert.match(await page.getByTestId("every-frame-words").innerText(), /choose the file again/);
      // Another file is not taken for it.
      await Deno.writeFile(`${folder}/other.mp4`, new Uint8Array(99));
      await page.getByTestId("every-frame-again").setInputFiles(`${folder}/other.mp4`);
      await page.getByText(/is another file: choose “clip\.mp4”/).waitFor();
      await actHidden(page);
      await page.getByTestId("every-frame-again").setInputFiles(clip);
      await inPhase(page, "done").waitFor({ timeout: 60_000 });
      assert.match(await page.getByTestId("every-frame-words").innerText(), /^48 frames, with its sound$/);

      const film = await downloaded(page, () => page.getByTestId("every-frame-save").click());
      assert.equal(film.name, "clip explained.mp4");
      assert.deepEqual(await numbersOf(film.path, 160, 120), upTo(FRAMES));
      const [own, films] = [await timesOf(clip), await timesOf(film.path)];
      assert.ok(own.every((time, frame) => Math.abs(time - (films[frame] ?? NaN)) < 2e-5), `${own} ${films}`);
      assert.deepEqual(await soundOf(film.path), await soundOf(clip));
      const parts = ["-show_chapters", "-of", "csv", film.path];
      assert.match(
        new TextDecoder().decode(await ffmpeg("ffprobe", parts)),
        /^chapter,.*,0\.000000,.*4\.000000/,
      );
      const numbers = await downloaded(page, () => page.getByTestId("every-frame-sidecar").click());
      const sidecar = readSidecar(await Deno.readTextFile(numbers.path));
      assert.deepEqual(sidecar.frames.map(({ frame }) => frame), upTo(FRAMES));
      assert.ok(sidecar.frames.every(({ map, predictions }) => map !== null && predictions.length === 5));
      for (const { path } of [film, numbers]) await Deno.remove(path);
      await page.getByTestId("every-frame-remove").click();
      await entries(page).waitFor({ state: "detached" });
      assert.deepEqual(await kept(page), []);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

scene(
  "videos wait for their turn; what cannot be explained is said, and a cancelled one leaves nothing",
  "/",
  async ({ page }) => {
    const folder = await Deno.makeTempDir({ prefix: "gradcast-every-frame-" });
    try {
      const sound = `${folder}/sound.mp4`;
      await ffmpeg("ffmpeg", ["-f", "lavfi", "-i", "sine=d=1", sound]);
      const clip = await makeNumbered(`${folder}/clip.mp4`, { frames: 240 });
      // Three hours at one frame in ten seconds.
      const long = await makeNumbered(`${folder}/long.mp4`, { frames: 1_080, rate: 0.1, size: "32x32" });
      const upright = `${folder}/upright.mp4`;
      await ffmpeg("ffmpeg", [
        "-i",
        await makeNumbered(`${folder}/flat.mp4`, { frames: 6 }),
        "-c",
        "copy",
        "-metadata:s:v:0",
        "rotate=90",
        upright,
      ]);
      await Deno.writeFile(`${folder}/words.mp4`, new TextEncoder().encode("no video"));
      await page.getByTestId("file").setInputFiles(upright);
      await page.getByTestId("video-every-frame").click();
      for (const choice of ["titleCard", "portrait"]) await page.getByTestId(`film-${choice}`).check();
      await page.getByTestId("every-frame-file").setInputFiles([
        clip,
        sound,
        long,
        `${folder}/words.mp4`,
      ]);
      await inPhase(page, "running").waitFor();
      await page.getByTestId("every-frame-shown").getByText("Explain every frame of “upright.mp4”").click();
      assert.equal(await inPhase(page, "waiting").count(), 4);
      await page.getByText(/^\d+ of 240 frames/).waitFor();
      await page.getByTestId("every-frame-remove").first().click();
      await inPhase(page, "done").waitFor({ timeout: 60_000 });
      const words = await page.getByTestId("every-frame-words").allInnerTexts();
      assert.match(words[0] ?? "", /has no pictures: there is only sound in it/);
      assert.match(words[1] ?? "", /is 180 minutes long, more than the 60 that are taken/);
      assert.match(words[2] ?? "", /cannot be read as a video/);
      assert.equal(words[3], "6 frames, without sound, as the video has none");
      assert.deepEqual(await kept(page), ["0.chunk", "job.json"]);
      const film = await downloaded(page, () => page.getByTestId("every-frame-save").click());
      const sides = [
        "-select_streams",
        "v",
        "-show_entries",
        "stream=width,height",
        "-of",
        "csv=p=0",
        film.path,
      ];
      assert.match(new TextDecoder().decode(await ffmpeg("ffprobe", sides)), /^120,214/);
      await Deno.remove(film.path);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);
