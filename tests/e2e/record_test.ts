/** Recording in real Chromium: what is written is read back by ffmpeg and ffprobe. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { decodeFrame, type Frame } from "../../shared/codec.ts";
import { decodePicture } from "../../server/engine/image/decode.ts";
import {
  greyPictures,
  makeNumberedWebcam,
  numberOfSquare,
  numberOfWhole,
  probe,
  WHOLE_BYTES,
} from "../support/numbered.ts";
import { ffmpeg } from "../support/videos.ts";
import { axeFaults } from "./_axe_faults.ts";
import { downloaded, keep, preview, record, seconds, stop } from "./_recording.ts";
import { scene, startCamera, until, waitForLabel } from "./_scene.ts";

/** The frames that the page sends, by id. */
function sentPictures(page: Page): Map<number, Frame> {
  const pictures = new Map<number, Frame>();
  page.on("websocket", (socket) => {
    // Ids begin again with a connection.
    pictures.clear();
    socket.on("framesent", ({ payload }) => {
      if (typeof payload === "string") return;
      const frame = decodeFrame(new Uint8Array(payload));
      pictures.set(frame.id, frame);
    });
  });
  return pictures;
}

/** The number that each frame's picture carries. */
async function numbersOf(frames: ReadonlyMap<number, Frame>): Promise<Map<number, number>> {
  const numbers = new Map<number, number>();
  for (const [id, { format, picture }] of frames) {
    const bytes = new Uint8Array(picture);
    const { rgb, width } = format === "rgb"
      ? { rgb: bytes, width: Math.sqrt(bytes.length / 3) }
      : await decodePicture(bytes);
    numbers.set(id, numberOfSquare(rgb.filter((_, at) => at % 3 === 1), width));
  }
  return numbers;
}

scene(
  "in a recording no map lies more than one frame from its picture, and ffprobe agrees on what it is",
  "/",
  async ({ page }) => {
    const pictures = sentPictures(page);
    await page.reload();
    await startCamera(page);
    await until(page, () => pictures.size, (count) => count > 20, "frames");
    await record(page, 5);
    await page.keyboard.press("x");
    await until(page, () => seconds(page), (now) => now >= 6, "the time of the recording");
    await stop(page);
    await page.getByTestId("preview-name").fill("Numbers");
    const { path, name, sidecar } = await keep(page);
    assert.equal(name, "Numbers.mp4");

    const { streams: [video, ...others], format } = await probe(path);
    assert.deepEqual([video?.codec_name, video?.width, video?.height, others], ["h264", 640, 480, []]);
    assert.equal(Number(video?.nb_read_frames), sidecar.frames.length);
    assert.ok(Math.abs(Number(format.duration) - sidecar.durationS) < 0.001, format.duration);
    assert.ok(sidecar.durationS > 5.5 && sidecar.durationS < 15, `${sidecar.durationS} s`);
    // A busy machine films few pictures a second, but all the time.
    assert.ok(sidecar.frames.length > 6 * 2, `${sidecar.frames.length} pictures`);
    const [marker] = sidecar.markers;
    assert.ok(marker !== undefined && marker.t > 4.5 && marker.t < sidecar.durationS);
    // The film has it as a chapter.
    const said = await ffmpeg("ffprobe", ["-show_chapters", "-of", "csv", path]);
    assert.match(new TextDecoder().decode(said), /^chapter,.*,Marker 1$/m);

    const whole = (await greyPictures(path, WHOLE_BYTES)).map(numberOfWhole);
    const explained = await numbersOf(pictures);
    const faults = sidecar.frames.flatMap(({ frame }, place) => {
      if (frame === null) return [];
      const number = explained.get(frame);
      // The same picture may be there twice, at the end for example.
      const now = whole[place];
      const other = (one: number) => one !== now;
      const near = [whole.slice(0, place).findLast(other), now, whole.slice(place).find(other)];
      return number !== undefined && near.includes(number) ? [] : [{ place, number, near }];
    });
    assert.deepEqual(faults, []);
    assert.ok(sidecar.frames.filter(({ frame }) => frame !== null).length > 0.9 * sidecar.frames.length);
    await Deno.remove(path);
  },
  { webcam: makeNumberedWebcam },
);

scene(
  "a preview is cut, named, kept, thrown away with undo; a marker is jumped to",
  "/",
  async ({ page }) => {
    await startCamera(page);
    await waitForLabel(page, "espresso");
    await page.keyboard.press("r");
    await page.getByTestId("countdown").waitFor();
    await page.keyboard.press("Escape");
    await page.getByTestId("countdown").waitFor({ state: "detached" });
    await record(page, 2);
    await page.getByTestId("record-pause").click();
    await page.locator('[data-testid="record-hud"][data-paused="true"]').waitFor();
    await page.keyboard.press("y");
    await page.keyboard.press("x");
    await until(page, () => seconds(page), (now) => now >= 3, "the time of the recording");
    await stop(page);
    assert.deepEqual(await axeFaults(page), []);
    assert.equal(await page.getByTestId("preview-name").inputValue(), "espresso, Grad-CAM");

    await page.getByTestId("preview-discard").click();
    await preview(page).waitFor({ state: "detached" });
    await page.getByTestId("toast-action").click();
    await preview(page).waitFor();
    await page.getByTestId("replay-marker").click();
    await until(
      page,
      () => page.getByTestId("clip-player").evaluate((video) => (video as HTMLVideoElement).currentTime),
      (time) => time > 1.5,
      "the marker's time",
    );
    await page.getByTestId("trim-from").fill("1000");
    await page.getByTestId("trim-to").fill("2500");
    await page.getByTestId("preview-name").fill("Part");
    const { path, sidecar } = await keep(page);
    const { streams: [video], format } = await probe(path);
    assert.equal(sidecar.durationS, 1.5);
    // Pictures are not cut in two, neither the first nor the last, and a busy machine films fewer of them.
    const times = [0, ...sidecar.frames.map(({ t }) => t), 1.5];
    const longest = Math.max(...times.map((time, place) => time - (times[place - 1] ?? 0)));
    assert.ok(
      Math.abs(Number(format.duration) - 1.5) < 0.05 + 2 * longest,
      `${format.duration} s, ${longest} s`,
    );
    assert.ok(Math.abs(Number(video?.nb_read_frames) - sidecar.frames.length) <= 1);
    assert.ok(sidecar.frames[0]?.map !== null);
    await Deno.remove(path);
    const left = () =>
      page.evaluate(async () => {
        const root = await navigator.storage.getDirectory();
        const folder = await root.getDirectoryHandle("recordings");
        return (await Array.fromAsync(folder.keys())).length;
      });
    await until(page, left, (count) => count === 0, "files of a recording that is on the shelf");
  },
);

scene("a map that is kept beside the film is drawn with other colours later", "/", async ({ page }) => {
  await startCamera(page);
  await waitForLabel(page, "espresso");
  await page.getByTestId("record-menu").click();
  await page.getByTestId("record-beside").check();
  await page.keyboard.press("Escape");
  await record(page, 2);
  await stop(page);
  const { path, sidecar } = await keep(page);
  assert.equal(sidecar.drawn, false);
  assert.ok(sidecar.frames.every(({ frame, scale }) => frame === null || (scale?.high ?? 0) > 0));
  await Deno.remove(path);
  await page.getByTestId("clip-play").click();
  await page.getByTestId("replay-words").getByText("espresso").waitFor();
  /** Mean of red and blue, and the sum of the opacity, over the map, below the caption. */
  const colours = () =>
    page.getByTestId("replay-map").evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const { data } = canvas.getContext("2d")!.getImageData(80, 80, 480, 400);
      let [red, blue, alpha] = [0, 0, 0];
      for (let at = 0; at < data.length; at += 4) {
        red += data[at]! * data[at + 3]!;
        blue += data[at + 2]! * data[at + 3]!;
        alpha += data[at + 3]!;
      }
      return { red: red / alpha, blue: blue / alpha, alpha };
    });
  const viridis = await until(page, colours, ({ alpha }) => alpha > 100_000, "the map of the clip");
  await page.getByTestId("replay-colours").selectOption("turbo");
  const turbo = await until(page, colours, ({ red }) => red > viridis.red + 40, "other colours");
  await page.getByTestId("replay-floor").fill("0.6");
  const raised = await until(page, colours, ({ alpha }) => alpha < 0.6 * turbo.alpha, "less of the map");
  await page.getByTestId("replay-opacity").fill("0.35");
  await until(page, colours, ({ alpha }) => alpha < 0.6 * raised.alpha, "a paler map");
});

scene("a recording has the microphone's sound where that is wanted", "/", async ({ page }) => {
  await startCamera(page);
  await waitForLabel(page, "espresso");
  await page.getByTestId("record-menu").click();
  await page.getByTestId("record-sound").check();
  await page.keyboard.press("Escape");
  await record(page, 3);
  await stop(page);
  const { path } = await keep(page);
  const { streams, format } = await probe(path);
  const kinds = streams.map(({ codec_type }) => codec_type).toSorted();
  assert.deepEqual(kinds, ["audio", "video"]);
  assert.ok(Number(format.duration) > 2.5 && Number(format.duration) < 10);
  assert.ok(Number(streams.find(({ codec_type }) => codec_type === "audio")?.nb_read_frames) > 100);
  await Deno.remove(path);
});

scene(
  "where pictures cannot be encoded one by one the browser's recorder does it, and that is said",
  "/",
  async (
    { page },
  ) => {
    await page.addInitScript(() => Reflect.deleteProperty(globalThis, "VideoEncoder"));
    await page.reload();
    await startCamera(page);
    await waitForLabel(page, "espresso");
    await record(page, 4);
    await page.getByTestId("record-means").waitFor();
    await stop(page);
    await page.getByTestId("preview-means").waitFor();
    const { path, sidecar } = await keep(page);
    const { streams: [video] } = await probe(path);
    assert.equal(video?.codec_type, "video");
    assert.ok(Number(video?.nb_read_frames) > 10 && sidecar.frames.length > 10);
    await Deno.remove(path);
  },
);

scene("a frozen picture continues in the recording, and another view of it too", "/", async ({ page }) => {
  await startCamera(page);
  await waitForLabel(page, "espresso");
  await record(page, 1);
  await page.keyboard.press(" ");
  await until(page, () => seconds(page), (now) => now >= 6, "the time of the recording");
  await stop(page);
  const { path, sidecar } = await keep(page);
  const { streams: [video], format } = await probe(path);
  assert.ok(Number(format.duration) > 5.5, format.duration);
  assert.equal(Number(video?.nb_read_frames), sidecar.frames.length);
  const still = sidecar.frames.filter(({ t }) => t > 2.5);
  assert.equal(new Set(still.map(({ frame }) => frame)).size, 1, "one frame explains the held picture");
  assert.ok(still.length >= 3 && still.length < 40, `${still.length} pictures`);
  await Deno.remove(path);
});

scene("three seconds become an animated GIF", "/", async ({ page }) => {
  await startCamera(page);
  await waitForLabel(page, "espresso");
  const { path, name } = await downloaded(page, () => page.keyboard.press("a"));
  assert.equal(name, "espresso, Grad-CAM.gif");
  const { streams: [picture], format } = await probe(path);
  assert.deepEqual([picture?.codec_name, picture?.width, picture?.height], ["gif", 320, 320]);
  assert.ok(Math.abs(Number(format.duration) - 3) < 0.3, format.duration);
  assert.ok(Number(picture?.nb_read_frames) >= 8);
  await Deno.remove(path);
});
