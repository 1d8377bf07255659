/** The timeline in real Chromium: two photos in turn as the camera, seen again, explained again and saved. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { readSidecar } from "../../shared/read_sidecar.ts";
import { makeTurns } from "../support/browser.ts";
import { probe } from "../support/numbered.ts";
import { axeFaults } from "./_axe_faults.ts";
import { downloaded } from "./_recording.ts";
import { PHOTO, picture, scene, startCamera, until, waitForLabel } from "./_scene.ts";

const CAT = "client/public/samples/chelsea.jpg";

/** How long the camera shows each photo, in s. */
const SECONDS = 2;

const slider = (page: Page) => page.getByTestId("timeline-slider");
const said = async (page: Page) => await slider(page).getAttribute("aria-valuetext") ?? "";

/** The classes of the table that says what the bands show, newest first. */
const bands = (page: Page) => page.getByTestId("timeline-table").locator("tbody th").allInnerTexts();

/** How much of the moment's canvas has the yellow end of the colours, and how alike it is to each photo, −1…1. */
async function moment(page: Page): Promise<{ yellow: number; cup: number; cat: number }> {
  return await page.getByTestId("moment").locator("canvas").evaluate(async (canvas) => {
    const side = 16;
    const small = (image: ImageBitmap) => {
      const context = new OffscreenCanvas(side, side).getContext("2d");
      if (context === null) throw new Error("no 2D canvas");
      const square = Math.min(image.width, image.height);
      const [left, top] = [(image.width - square) / 2, (image.height - square) / 2];
      context.drawImage(image, left, top, square, square, 0, 0, side, side);
      return context.getImageData(0, 0, side, side).data;
    };
    const reds = (data: Uint8ClampedArray) =>
      Array.from({ length: side * side }, (_, at) => data[4 * at] ?? 0);
    const alike = (one: number[], other: number[]) => {
      const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
      const [a, b] = [mean(one), mean(other)];
      let [dot, first, second] = [0, 0, 0];
      for (const [at, value] of one.entries()) {
        const [x, y] = [value - a, (other[at] ?? 0) - b];
        [dot, first, second] = [dot + x * y, first + x * x, second + y * y];
      }
      return dot / Math.sqrt(first * second);
    };
    const photo = async (name: string) =>
      reds(small(await createImageBitmap(await (await fetch(`/samples/${name}.jpg`)).blob())));
    const shown = small(await createImageBitmap(canvas as HTMLCanvasElement));
    const yellow = Array.from(
      { length: side * side },
      (_, at) => Math.min(shown[4 * at] ?? 0, shown[4 * at + 1] ?? 0) - (shown[4 * at + 2] ?? 0),
    ).filter((value) => value > 90).length;
    const [cup, cat] = [
      alike(reds(shown), await photo("coffee")),
      alike(reds(shown), await photo("chelsea")),
    ];
    return { yellow, cup, cat };
  });
}

/** Presses an arrow key until the moment is of a class. */
async function moveTo(page: Page, key: "ArrowLeft" | "ArrowRight", label: string): Promise<void> {
  for (let count = 0; count < 60; count++) {
    await page.keyboard.press(key);
    if ((await said(page)).includes(label)) return;
  }
  assert.fail(`no moment of ${label}: ${await said(page)}`);
}

scene(
  "the timeline shows two photos as two bands, an earlier picture with its map, and saves what nobody recorded",
  "/",
  async ({ page }) => {
    await page.getByTestId("timeline").waitFor();
    const before = await page.locator(".under").boundingBox();
    await startCamera(page);
    await waitForLabel(page, "espresso");
    await slider(page).waitFor();
    assert.deepEqual(await page.locator(".under").boundingBox(), before, "nothing moves when it appears");
    await until(
      page,
      () => bands(page),
      (names) => names[0] === "espresso" && names.includes("Egyptian cat"),
      "bands",
    );

    // With keys: the moment of the cat, then the cup that was before or after it.
    await slider(page).focus();
    await moveTo(page, "ArrowLeft", "Egyptian cat");
    await page.getByTestId("moment").waitFor();
    assert.match(
      await page.getByTestId("moment-note").innerText(),
      /^\d+ s ago: Egyptian cat \d+ % · Grad-CAM/,
    );
    const cat = await until(page, () => moment(page), ({ cat, cup }) => cat > cup, "the cat");
    assert.ok(cat.cat > 0.5 && cat.cup < 0.3 && cat.yellow > 0, JSON.stringify(cat));

    // Frozen, it is explained by another method too.
    await page.keyboard.press("Enter");
    await page.getByText("complete, exact for this picture").waitFor();
    await waitForLabel(page, "Egyptian cat");
    const first = await picture(page);
    await page.getByTestId("method").selectOption("saliency");
    await until(page, () => picture(page), (now) => now !== first, "another map");
    await page.getByText("complete, exact for this picture").waitFor();
    assert.match(await page.getByTestId("top-label").innerText(), /Egyptian cat/);
    await page.getByTestId("method").selectOption("grad-cam");
    await page.keyboard.press("Escape");
    await page.getByTestId("moment-note").waitFor({ state: "detached" });

    // With the mouse: pointing shows a moment, a click pins it, dragging chooses a part.
    await page.getByTestId("timeline-toggle").click();
    const box = await slider(page).boundingBox();
    assert.ok(box !== null);
    const at = (share: number) => [box.x + box.width * share, box.y + 20] as const;
    await page.mouse.move(...at(0.9));
    await page.getByTestId("moment").waitFor();
    await page.mouse.move(0, 0);
    await page.getByTestId("moment").waitFor({ state: "detached" });
    await page.mouse.move(...at(0.75));
    await page.mouse.down();
    await page.mouse.move(...at(0.85));
    await page.mouse.move(...at(0.95));
    await page.mouse.up();
    await page.mouse.move(0, 0);
    assert.deepEqual(await axeFaults(page, { within: ".timeline" }), []);

    // The part of some seconds that was never recorded.
    await page.getByTestId("timeline-exports").click();
    await page.getByText(/^Save the chosen \d s\./).waitFor();
    const film = await downloaded(page, () => page.getByTestId("timeline-film").click());
    assert.match(film.name, /^Replay- .*, Grad-CAM\.mp4$/);
    const side = await downloaded(page, () => page.getByText("Save its numbers (JSON)").click());
    const sidecar = readSidecar(await Deno.readTextFile(side.path));
    const { streams: [video], format } = await probe(film.path);
    assert.deepEqual([video?.codec_name, video?.width, video?.height], ["h264", 640, 640]);
    assert.equal(Number(video?.nb_read_frames), sidecar.frames.length);
    assert.ok(sidecar.frames.length > 6, `${sidecar.frames.length} pictures`);
    assert.ok(Math.abs(Number(format.duration) - sidecar.durationS) < 0.05, format.duration);
    assert.ok(sidecar.frames.some(({ map }) => map !== null), "a map beside the film");

    await page.getByTestId("timeline-exports").click();
    const csv = await downloaded(page, () => page.getByTestId("timeline-csv").click());
    const [head, ...lines] = (await Deno.readTextFile(csv.path)).trim().split("\r\n");
    assert.match(head ?? "", /^time,seconds,rank,class,label,probability,/);
    assert.ok(lines.length >= 5 * (sidecar.frames.length - 2), `${lines.length} lines`);
    assert.ok(lines.every((line) => /,grad-cam,|,saliency,/.test(line)));
    await page.getByTestId("timeline-exports").click();
    const png = await downloaded(page, () => page.getByTestId("timeline-png").click());
    // The width in the header of a PNG.
    assert.equal(new DataView((await Deno.readFile(png.path)).buffer).getUint32(16), 2_400);

    // Closed it leaves its room, and stays closed on the next visit.
    await page.getByTestId("timeline-close").click();
    await page.getByTestId("timeline").waitFor({ state: "detached" });
    assert.match(
      await page.evaluate(() => localStorage.getItem("gradcast.settings")) ?? "",
      /"timeline":"closed"/,
    );
    await page.getByTestId("show-timeline").click();
    await slider(page).waitFor();
    for (const { path } of [film, side, csv, png]) await Deno.remove(path);
  },
  { webcam: (folder) => makeTurns([PHOTO, CAT], folder, SECONDS) },
);
