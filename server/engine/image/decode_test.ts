import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import { random, readNpy } from "../testing/goldens.ts";
import { type ErrorCode, GradcastError } from "../../../shared/errors.ts";
import type { PictureFormat } from "../../../shared/file_kind.ts";
import { type DecodeOptions, decodePicture, type Picture } from "./mod.ts";

/** Fixtures, and how far each may be from what Pillow reads, in steps of 255. */
const FILES = await fixtures();

/** Only AVIF's two converters from YCbCr round differently. */
function boundOf(name: string): number {
  return name.endsWith(".avif") ? 2 : 0;
}

/** Colours at half the width: the two converters fill in the last column of an odd width differently, too. */
function columnsOf(name: string, width: number): number {
  return ["420.avif", "moving.avif"].includes(name) ? width - 1 : width;
}

for (const name of FILES) {
  const bound = boundOf(name);
  const how = bound === 0 ? "to the last bit" : `within ${bound} of 255`;
  Deno.test(`decodePicture() reads ${name} as Pillow does, ${how}`, async () => {
    const picture = await decodePicture(await fixture(name));
    const { shape, values } = await readNpy(new URL(`./_fixtures/${name}.npy`, import.meta.url));
    assert.deepEqual([picture.height, picture.width, 3], shape);
    if (bound === 0) assert.deepEqual(picture.rgb, values);
    else {
      const most = furthest(picture, values, columnsOf(name, picture.width));
      assert.ok(most <= bound, `${most} of 255`);
    }
  });
}

Deno.test("decodePicture() says of a file that moves that its first picture is taken, and of no other", async () => {
  for (const name of FILES) {
    const { note } = await decodePicture(await fixture(name));
    if (name.startsWith("moving")) {
      assert.match(note ?? "", /^The (WebP|AVIF|GIF|PNG) moves: its first picture/u);
    } else assert.equal(note, undefined, name);
  }
});

Deno.test("F4: decodePicture() says what to do with a HEIC, and what else it is given", async () => {
  const cases = [
    [
      "\0\0\0\x18ftypheic\0\0\0\0mif1heic",
      /it is HEIC, expected JPEG, PNG, WebP, AVIF, GIF or BMP\. Convert it to/u,
    ],
    ["II*\0\x08\0\0\0", /it is TIFF, expected .*\. Convert it to JPEG or PNG/u],
    ["\0\0\0\x18ftypmp42\0\0\0\0isom", /it is a video, expected /u],
    ["", /it is empty, expected JPEG, .*\. Choose another file/u],
    ["hello", /its first bytes are \[104,101,108,108,111\], expected JPEG/u],
  ] as const;
  for (const [text, message] of cases) {
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    await refuses("frame-format", bytes);
    await assert.rejects(decodePicture(bytes), message);
  }
});

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
  await refuses("frame-format", await fixture("plain.gif"), { format: "png" });
  await refuses("frame-format", new Uint8Array(), { format: "jpeg" });
});

Deno.test("F5: decodePicture() refuses a picture cut anywhere", async () => {
  const names = FILES.filter((name) => !/^(moving|motion|noise)/u.test(name));
  for (const name of names) {
    const bytes = await fixture(name);
    for (let length = 24; length < bytes.length - TAILS[formatOf(name)]; length += 7) {
      await refuses("frame-corrupt", bytes.slice(0, length), {}, `${name} of ${length} bytes`);
    }
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
  await assert.rejects(decodePicture(hostile), /expected a JPEG to have at most 100 scans, got 2000$/u);
});

Deno.test("F5: decodePicture() refuses a PNG that inflates to more than its header says", async () => {
  const bytes = await fixture("rgb.png");
  const header = new DataView(bytes.buffer);
  header.setUint32(20, 22);
  header.setUint32(29, crc32(bytes.subarray(12, 29)));
  await refuses("frame-corrupt", bytes);
  await assert.rejects(decodePicture(bytes), /its rows to inflate to the size that the header gives/u);
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

Deno.test("F5: decodePicture() names CMYK where its channels have a layout that it does not know", async () => {
  const bytes = await fixture("cmyk.jpg");
  const frame = bytes.findIndex((byte, at) => byte === 0xff && bytes[at + 1] === 0xc0);
  bytes[frame + 2 + 2 + 6 + 3 * 3 + 1] = 0x22;
  await refuses("frame-corrupt", bytes);
  await assert.rejects(decodePicture(bytes), /CMYK JPEG .* got 1×1, 1×1, 1×1, 2×2/u);
});

Deno.test("decodePicture() survives damaged pictures: a refusal with a code or a picture, whatever the bytes", async () => {
  for (let seed = 0; seed < 1200; seed++) {
    const next = random(seed);
    const name = FILES[seed % FILES.length] ?? "";
    const source = await fixture(name);
    const bytes = seed % 4 === 0 ? source.slice(0, 12 + next() * 40) : source.slice();
    const damage = seed % 4 === 0 ? bytes.length : 1 + next() * 8;
    for (let i = 0; i < damage; i++) bytes[8 + Math.floor(next() * (bytes.length - 8))] = next() * 256;
    await decodePicture(bytes).then(
      (picture) => assert.equal(picture.rgb.length, 3 * picture.width * picture.height),
      (error) => assert.ok(error instanceof GradcastError, `${name}, seed ${seed}: ${error}`),
    );
  }
  // And a good one of each kind after all that.
  for (const name of ["baseline.jpg", "lossy.webp", "420.avif"]) {
    assert.equal((await decodePicture(await fixture(name))).width, 37);
  }
});

Deno.test("decodePicture() ignores bytes behind an AVIF that are no box, and refuses one that is cut short", async () => {
  for (const name of ["420.avif", "alpha.avif", "moving.avif"]) {
    const bytes = await fixture(name);
    const { rgb } = await decodePicture(bytes);
    for (const tail of ["\0", "\0\0\0\0\0\0\0\0\0", "no box at all", "\0\0\0\x04tail"]) {
      const longer = Uint8Array.from([...bytes, ...new TextEncoder().encode(tail)]);
      assert.deepEqual((await decodePicture(longer)).rgb, rgb, `${name} and ${JSON.stringify(tail)}`);
    }
    await refuses("frame-corrupt", bytes.slice(0, bytes.length / 2), {}, name);
  }
});

Deno.test("F3: decodePicture() holds every format to its limits before it unpacks anything", async () => {
  for (
    const name of [
      "rgb.png",
      "baseline.jpg",
      "cmyk.jpg",
      "lossy.webp",
      "lossless.webp",
      "moving.webp",
      "420.avif",
      "moving.avif",
      "plain.gif",
      "rgb.bmp",
      "core.bmp",
    ]
  ) {
    const bytes = await fixture(name);
    assert.equal((await decodePicture(bytes, { maxSide: 37 })).width, 37);
    await refuses("frame-side", bytes, { maxSide: 36 }, name);
    await refuses("frame-side", bytes, { maxPixels: 37 * 23 - 1 }, name);
  }
});

async function refuses(
  code: ErrorCode,
  bytes: Uint8Array<ArrayBuffer>,
  options?: DecodeOptions,
  message?: string,
): Promise<void> {
  await assert.rejects(
    decodePicture(bytes, options),
    (error) => error instanceof GradcastError && error.code === code,
    message,
  );
}

/** Bytes at the end of a file that its picture may do without: an end mark, or what fills up the last row. */
const TAILS: Readonly<Record<PictureFormat, number>> = { jpeg: 0, png: 0, webp: 2, avif: 0, gif: 4, bmp: 3 };

function formatOf(name: string): PictureFormat {
  const end = name.slice(name.lastIndexOf(".") + 1);
  return end === "jpg" ? "jpeg" : end as PictureFormat;
}

/** The pictures that stand beside what Pillow reads in them. */
async function fixtures(): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(new URL("./_fixtures/", import.meta.url))) {
    if (/\.(png|jpg|webp|avif|gif|bmp)\.npy$/u.test(name)) names.push(name.slice(0, -".npy".length));
  }
  return names.sort();
}

function furthest({ width, rgb }: Picture, expected: ArrayLike<number>, columns: number): number {
  let most = 0;
  for (let at = 0; at < expected.length; at++) {
    if (Math.floor(at / 3) % width >= columns) continue;
    most = Math.max(most, Math.abs((rgb[at] ?? Infinity) - (expected[at] ?? 0)));
  }
  return most;
}

function fixture(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return Deno.readFile(new URL(`./_fixtures/${name}`, import.meta.url));
}
