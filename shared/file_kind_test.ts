import assert from "node:assert/strict";
import { type FileKind, fileKind, PICTURE_NAMES, READABLE } from "./file_kind.ts";

const bytes = (text: string, size = 64) => {
  const head = new Uint8Array(Math.max(size, text.length));
  head.set(Uint8Array.from(text, (character) => character.charCodeAt(0)));
  return head;
};

const ftyp = (...brands: readonly string[]) =>
  bytes(
    `\0\0\0${String.fromCharCode(12 + 4 * brands.length)}ftyp${brands[0]}\0\0\0\0${brands.slice(1).join("")}`,
  );

const pictures: readonly (readonly [Uint8Array, keyof typeof PICTURE_NAMES])[] = [
  [bytes("\xff\xd8\xff\xe1"), "jpeg"],
  [bytes("\x89PNG\r\n\x1a\n"), "png"],
  [bytes("RIFF\0\0\0\0WEBPVP8 "), "webp"],
  [ftyp("avif", "mif1", "miaf"), "avif"],
  [ftyp("mif1", "avif"), "avif"],
  [ftyp("avis", "msf1"), "avif"],
  [bytes("GIF89a"), "gif"],
  [bytes("BM" + "\0".repeat(12) + "\x28"), "bmp"],
];

for (const [head, format] of pictures) {
  Deno.test(`fileKind() knows ${PICTURE_NAMES[format]} from ${head.subarray(0, 24)}`, () => {
    assert.deepEqual(fileKind(head), { kind: "picture", format } satisfies FileKind);
  });
}

const foreign: readonly (readonly [Uint8Array, string])[] = [
  [ftyp("heic", "mif1"), "HEIC"],
  [ftyp("mif1", "heic"), "HEIC"],
  [ftyp("crx ", "isom"), "a camera's raw file"],
  [bytes("II*\0\x10\0\0\0CR\x02\0"), "a camera's raw file"],
  [bytes("FUJIFILMCCD-RAW "), "a camera's raw file"],
  [bytes("II*\0\x08\0\0\0"), "TIFF"],
  [bytes("MM\0*\0\0\0\x08"), "TIFF"],
  [bytes("\xff\x0a\xfa"), "JPEG XL"],
  [bytes("\0\0\0\x0cJXL \r\n"), "JPEG XL"],
  [bytes("\0\0\0\x0cjP  \r\n"), "JPEG 2000"],
  [bytes("%PDF-1.7"), "PDF"],
  [bytes("8BPS\0\x01"), "a Photoshop file"],
  [bytes("\0\0\x01\0\x01\0"), "an icon"],
  [bytes('<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="">'), "SVG"],
  [bytes("\xef\xbb\xbf<svg>"), "SVG"],
  [bytes("<!doctype html><html>"), "a web page"],
];

for (const [head, name] of foreign) {
  Deno.test(`fileKind() knows ${name} from ${head.subarray(0, 16)}, and what to do about it`, () => {
    const kind = fileKind(head);
    assert.ok(kind.kind === "foreign");
    assert.equal(kind.name, name);
    assert.match(kind.advice, /^(Convert|Save) .*(JPEG|PNG|picture).*\.$/u);
  });
}

Deno.test("fileKind() knows films, and says so of nothing else", () => {
  for (
    const film of [
      ftyp("isom", "mp42"),
      ftyp("qt  "),
      bytes("\x1a\x45\xdf\xa3"),
      bytes("RIFF\0\0\0\0AVI LIST"),
    ]
  ) {
    assert.equal(fileKind(film).kind, "video");
  }
  for (const other of [bytes("", 0), bytes("BMW is a brand of cars"), bytes("hello"), bytes("\x47")]) {
    assert.equal(fileKind(other).kind, "unknown");
  }
});

Deno.test("READABLE names every format that is read", () => {
  assert.deepEqual(READABLE.split(/, | or /u), Object.values(PICTURE_NAMES));
});
