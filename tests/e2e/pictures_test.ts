/** Photos that are opened on the page: what the network is sent is what every other path sees. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { decodePicture } from "../../server/engine/mod.ts";
import { scene } from "./_scene.ts";
import { openPhoto, sentFrames } from "./_sent.ts";

const FOLDER = "tests/fixtures/pictures";

/** Largest difference of a colour, of 255: browsers round transparent pixels in their own way. */
const ROUNDING = 1;

async function furthest(sent: Uint8Array<ArrayBuffer>, plain: string): Promise<number> {
  const [seen, expected] = await Promise.all([
    decodePicture(sent),
    decodePicture(await Deno.readFile(plain)),
  ]);
  assert.deepEqual([seen.width, seen.height], [expected.width, expected.height]);
  return expected.rgb.reduce((most, value, at) => Math.max(most, Math.abs(value - (seen.rgb[at] ?? 0))), 0);
}

scene("a transparent PNG that EXIF turns is seen as on the command line", "/", async ({ page, url }) => {
  const file = `${FOLDER}/turned-clear.png`;
  const answer = await fetch(`${url}/api/explain?method=cam`, {
    method: "POST",
    body: await Deno.readFile(file),
  });
  const { predictions: [first] } = await answer.json();
  const sent = await openPhoto(page, await sentFrames(page), file);
  await page.getByText("complete").waitFor();
  const apart = await furthest(sent.picture, `${file}.plain.png`);
  assert.ok(apart <= ROUNDING, `${apart} of 255`);
  await page.getByTestId("top-label").getByText(first.label.split(",")[0]).waitFor();
});

scene("a file is what its bytes say, whatever its type and name say", "/", async ({ page }) => {
  const frames = await sentFrames(page);
  const heic = Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic");
  const open = (name: string, mimeType: string, buffer: Buffer) =>
    page.getByTestId("file").setInputFiles({ name, mimeType, buffer });
  for (
    const [name, type] of [["a.heic", ""], ["b.mov", "video/quicktime"], ["c.jpg", "image/jpeg"]] as const
  ) {
    await open(name, type, heic);
    await page.getByText(`“${name}” is HEIC, which cannot be opened here. Convert it to JPEG`).waitFor();
  }
  await open("d.tif", "image/tiff", Buffer.from("II*\0\x08\0\0\0"));
  await page.getByText("“d.tif” is TIFF, which cannot be opened here. Convert it to JPEG or PNG").waitFor();
  await open("e.bin", "", Buffer.from("hello"));
  await page.getByText("“e.bin” is not a photo or a video that can be opened. Choose a JPEG, PNG, WebP")
    .waitFor();
  // Dropped, it has no type at all where the system does not know the format.
  await page.evaluate((bytes) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(bytes)], "g.heic"));
    dispatchEvent(new DragEvent("drop", { dataTransfer: data }));
  }, [...heic]);
  await page.getByText("“g.heic” is HEIC, which cannot be opened here.").waitFor();
  // A photo that a browser takes for a film is a photo.
  const buffer = Buffer.from(await Deno.readFile(`${FOLDER}/photo.webp`));
  const photo = await openPhoto(page, frames, { name: "f.mp4", mimeType: "video/mp4", buffer });
  assert.equal(photo.still, true);
  await page.getByText("complete").waitFor();
});

scene(
  "a photo whose data is cut is refused as on the command line, though the browser draws what there is of it",
  "/",
  async ({ page }) => {
    const frames = await sentFrames(page);
    const photo = await Deno.readFile("client/public/samples/chelsea.jpg");
    const END_MARKER = [0xff, 0xd9];
    const cut = Buffer.from([...photo.subarray(0, photo.length / 2), ...END_MARKER]);
    await page.getByTestId("file").setInputFiles({ name: "cut.jpg", mimeType: "image/jpeg", buffer: cut });
    await page.getByText("“cut.jpg” is damaged").waitFor();
    assert.equal(await page.getByText("complete").count(), 0, "the sample is still shown");
    await openPhoto(page, frames, "client/public/samples/chelsea.jpg");
    await page.getByText("complete").waitFor();
  },
  { expected: /status of 4\d\d/ },
);
