import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import { random, readNpy } from "../_testing.ts";
import { type ErrorCode, GradcastError } from "../../../shared/errors.ts";
import { type DecodeOptions, decodePicture } from "./mod.ts";

const PNGS = [
  "rgb",
  "rgba",
  "grey",
  "grey-alpha",
  "palette",
  "palette-alpha",
  "one-bit",
  "rgb-key",
  "rgb-16",
  "interlaced",
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((orientation) => `turned-${orientation}`),
];
const INKS = ["", "-subsampled", "-progressive", "-restarts"];
const JPEGS = [
  "baseline",
  "progressive",
  "grey",
  "turned",
  "jfif-2",
  "no-spectrum",
  "motion",
  "inner",
  ...INKS.flatMap((suffix) => [`cmyk${suffix}`, `ycck${suffix}`]),
  "cmyk-bare",
];

for (const name of PNGS.map((stem) => `${stem}.png`)) {
  Deno.test(`decodePicture() reads ${name} to the last bit`, async () => {
    const picture = await decodePicture(await fixture(name));
    const { shape, values } = await readNpy(new URL(`./_fixtures/${name}.npy`, import.meta.url));
    assert.deepEqual([picture.height, picture.width, 3], shape);
    assert.deepEqual(picture.rgb, values);
  });
}

for (const name of JPEGS.map((stem) => `${stem}.jpg`)) {
  Deno.test(`decodePicture() reads ${name} as Pillow does`, async () => {
    const picture = await decodePicture(await fixture(name));
    const { shape, values } = await readNpy(new URL(`./_fixtures/${name}.npy`, import.meta.url));
    assert.deepEqual([picture.height, picture.width, 3], shape);
    assert.deepEqual(picture.rgb, values);
  });
}

Deno.test("F3: decodePicture() refuses a side over MAX_FRAME_SIDE_PX before it decodes anything", async () => {
  const png = await fixture("rgb.png");
  const header = new DataView(png.buffer);
  header.setUint32(16, 20_000);
  header.setUint32(29, crc32(png.subarray(12, 29)));
  await refuses("frame-side", png.slice(0, 40));

  const jpeg = await fixture("baseline.jpg");
  const frameHeader = jpeg.findIndex((byte, at) => byte === 0xff && jpeg[at + 1] === 0xc0);
  new DataView(jpeg.buffer).setUint16(frameHeader + 5, 20_000);
  await refuses("frame-side", jpeg.slice(0, frameHeader + 20));
});

Deno.test("F3: decodePicture() takes the side that maxSide allows, and no more", async () => {
  const bytes = await fixture("rgb.png");
  assert.equal((await decodePicture(bytes, { maxSide: 37 })).width, 37);
  await refuses("frame-side", bytes, { maxSide: 36 });
});

Deno.test("F4: decodePicture() refuses a PNG named JPEG, a JPEG named PNG and what is neither", async () => {
  await refuses("frame-format", await fixture("rgb.png"), { format: "jpeg" });
  await refuses("frame-format", await fixture("baseline.jpg"), { format: "png" });
  await refuses("frame-format", new TextEncoder().encode("GIF89a and so on"), {});
  await refuses("frame-format", new Uint8Array(), { format: "jpeg" });
});

Deno.test("F5: decodePicture() refuses a picture cut anywhere", async () => {
  for (const name of ["rgb.png", "interlaced.png", "baseline.jpg", "progressive.jpg", "grey.jpg"]) {
    const bytes = await fixture(name);
    for (let length = 8; length < bytes.length; length += 7) {
      await refuses("frame-corrupt", bytes.slice(0, length));
    }
    await refuses("frame-corrupt", bytes.slice(0, -1));
  }
});

Deno.test("F5: decodePicture() refuses a JPEG cut short and ended properly", async () => {
  const bytes = await fixture("baseline.jpg");
  await refuses("frame-corrupt", new Uint8Array([...bytes.subarray(0, -100), 0xff, 0xd9]));
});

Deno.test("F5: decodePicture() refuses a JPEG of more scans than any encoder writes", async () => {
  const bytes = await fixture("progressive.jpg");
  const scan = bytes.findIndex((byte, at) => byte === 0xff && bytes[at + 1] === 0xda);
  const scans = Array.from({ length: 200 }, () => [...bytes.subarray(scan, -2)]).flat();
  const hostile = new Uint8Array([...bytes.subarray(0, scan), ...scans, 0xff, 0xd9]);
  await assert.rejects(decodePicture(hostile), /a JPEG has at most 100 scans; given: 2000$/u);
});

Deno.test("F5: decodePicture() refuses a PNG that inflates to more than its header says", async () => {
  const bytes = await fixture("rgb.png");
  const header = new DataView(bytes.buffer);
  header.setUint32(20, 22);
  header.setUint32(29, crc32(bytes.subarray(12, 29)));
  await refuses("frame-corrupt", bytes);
  await assert.rejects(decodePicture(bytes), /its rows do not inflate/u);
});

Deno.test("F5: decodePicture() refuses a PNG with one wrong colour in its palette", async () => {
  const bytes = await fixture("palette.png");
  const palette = new TextDecoder("latin1").decode(bytes).indexOf("PLTE");
  bytes[palette + 6] = (bytes[palette + 6] ?? 0) ^ 1;
  await refuses("frame-corrupt", bytes);
});

Deno.test("F5: decodePicture() refuses a JPEG cut in half although a harmless warning comes first", async () => {
  for (const name of ["jfif-2", "no-spectrum", "cmyk", "ycck-subsampled", "cmyk-restarts"]) {
    const bytes = await fixture(`${name}.jpg`);
    const half = bytes.subarray(0, bytes.length >> 1);
    await refuses("frame-corrupt", half.slice());
    await refuses("frame-corrupt", new Uint8Array([...half, 0xff, 0xd9]));
  }
});

Deno.test("F5: decodePicture() names CMYK where its channels are laid out in a way that it does not know", async () => {
  const bytes = await fixture("cmyk.jpg");
  const frame = bytes.findIndex((byte, at) => byte === 0xff && bytes[at + 1] === 0xc0);
  bytes[frame + 2 + 2 + 6 + 3 * 3 + 1] = 0x22;
  await refuses("frame-corrupt", bytes);
  await assert.rejects(decodePicture(bytes), /CMYK JPEG .* given: 1×1, 1×1, 1×1, 2×2/u);
});

Deno.test("decodePicture() survives damaged pictures: a refusal with a code or a picture, whatever the bytes", async () => {
  const sources = await Promise.all(
    [...PNGS.map((stem) => `${stem}.png`), ...JPEGS.map((stem) => `${stem}.jpg`)].map(fixture),
  );
  for (let seed = 0; seed < 400; seed++) {
    const next = random(seed);
    const source = sources[seed % sources.length] ?? new Uint8Array();
    const bytes = seed % 4 === 0 ? source.slice(0, 12 + next() * 40) : source.slice();
    const damage = seed % 4 === 0 ? bytes.length : 1 + next() * 8;
    for (let i = 0; i < damage; i++) bytes[8 + Math.floor(next() * (bytes.length - 8))] = next() * 256;
    await decodePicture(bytes).then(
      (picture) => assert.equal(picture.rgb.length, 3 * picture.width * picture.height),
      (error) => assert.ok(error instanceof GradcastError, `seed ${seed}: ${error}`),
    );
  }
  // And a good one after all that.
  assert.equal((await decodePicture(await fixture("baseline.jpg"))).width, 37);
});

async function refuses(
  code: ErrorCode,
  bytes: Uint8Array<ArrayBuffer>,
  options?: DecodeOptions,
): Promise<void> {
  await assert.rejects(
    decodePicture(bytes, options),
    (error) => error instanceof GradcastError && error.code === code,
  );
}

function fixture(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return Deno.readFile(new URL(`./_fixtures/${name}`, import.meta.url));
}
