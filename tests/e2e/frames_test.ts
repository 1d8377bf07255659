/** What the page sends of a picture: the pixels that the command line sees, without loss, and a copy for people. */
import assert from "node:assert/strict";
import type { Frame } from "../../shared/codec.ts";
import { decodePicture, fitInput } from "../../server/engine/mod.ts";
import { openPhoto, sentFrames } from "./_sent.ts";
import { scene, startCamera, until, waitForLabel } from "./_scene.ts";

const SIDE = 224;

scene(
  "F8: a photo reaches the network as the command line sees it, pixel for pixel",
  "/",
  async ({ page }) => {
    const frames = await sentFrames(page);
    for (const name of ["chelsea", "camera", "rocket"]) {
      const path = `tests/fixtures/photos/${name}.png`;
      const still = await openPhoto(page, frames, path);
      assert.deepEqual([still.still, still.format], [true, "png"]);
      const seen = await decodePicture(still.picture);
      assert.deepEqual([seen.width, seen.height], [SIDE, SIDE]);
      assert.deepEqual(seen.rgb, fitInput(await decodePicture(await Deno.readFile(path)), SIDE, SIDE).rgb);
    }
  },
);

/** The pixels that the network gets of a frame, whatever it travels as: a busy machine looks like a slow connection. */
async function pixelsOf({ format, picture }: Frame): Promise<Uint8Array> {
  return format === "rgb" ? picture : (await decodePicture(picture)).rgb;
}

scene(
  "F10: moving pictures travel as pixels, with a copy only while somebody wants one",
  "/",
  async ({ page }) => {
    const frames = await sentFrames(page);
    await startCamera(page);
    await waitForLabel(page, "espresso");
    // A busy machine looks like a slow connection at first, over which pictures travel as PNG.
    const moving = await until(
      page,
      () => frames.findLast((frame) => !frame.still && frame.format === "rgb"),
      Boolean,
      "a moving frame as pixels",
    );
    assert.ok(moving);
    assert.equal(moving.picture.length, 3 * SIDE * SIDE);
    assert.equal(moving.copy, undefined);
    await page.keyboard.press("w");
    await page.getByTestId("show-start").click();
    const shown = await until(
      page,
      () => frames.findLast(({ copy }) => copy !== undefined),
      Boolean,
      "a copy",
    );
    assert.ok(shown);
    const copy = await decodePicture(shown.copy ?? new Uint8Array(0), { format: "jpeg" });
    assert.deepEqual([copy.width, copy.height], [SIDE, SIDE]);
    const { rgb } = copy;
    const sent = await pixelsOf(shown);
    const off = sent.reduce((sum, value, at) => sum + Math.abs(value - (rgb[at] ?? 0)), 0);
    assert.equal(sent.length, rgb.length);
    assert.ok(off / rgb.length < 6, `the copy is of the same picture: ${off / rgb.length} levels off`);
    await page.getByTestId("show-stop").click();
    await until(page, () => frames.at(-1)?.copy, (last) => last === undefined, "no copy any more");
  },
);
