/** Finds what a file is by its first bytes, never by its name or the type that somebody gave it. */

/** Pictures that are read on every path but the socket, which takes JPEG and PNG alone (F1). */
export type PictureFormat = "jpeg" | "png" | "webp" | "avif" | "gif" | "bmp";

/** What people call them, in the order in which they are listed. */
export const PICTURE_NAMES = {
  jpeg: "JPEG",
  png: "PNG",
  webp: "WebP",
  avif: "AVIF",
  gif: "GIF",
  bmp: "BMP",
} as const satisfies Record<PictureFormat, string>;

/** The list of {@link PICTURE_NAMES} for a sentence. */
export const READABLE = "JPEG, PNG, WebP, AVIF, GIF or BMP";

/** What a file is. */
export type FileKind =
  | { readonly kind: "picture"; readonly format: PictureFormat }
  | { readonly kind: "video" }
  /** Known, and not read: what it is called, and what to do about it. */
  | { readonly kind: "foreign"; readonly name: string; readonly advice: string }
  | { readonly kind: "unknown" };

/** Bytes of a file's beginning that {@link fileKind} looks at. */
export const HEAD_BYTES = 1024;

/** Finds what a file is; fewer than {@link HEAD_BYTES} may be given. */
export function fileKind(bytes: Uint8Array): FileKind {
  const head = bytes.subarray(0, HEAD_BYTES);
  const format = PICTURES.find(([, is]) => is(head))?.[0];
  if (format !== undefined) return { kind: "picture", format };
  const foreign = FOREIGN.find(({ is }) => is(head));
  if (foreign !== undefined) return { kind: "foreign", name: foreign.name, advice: foreign.advice };
  return VIDEOS.some((is) => is(head)) ? { kind: "video" } : { kind: "unknown" };
}

type Test = (head: Uint8Array) => boolean;

const PICTURES: readonly (readonly [PictureFormat, Test])[] = [
  ["jpeg", begins([0xff, 0xd8, 0xff])],
  ["png", begins([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
  ["webp", (head) => text(head, 0, 4) === "RIFF" && text(head, 8, 12) === "WEBP"],
  ["avif", (head) => brandsOf(head).some((brand) => brand === "avif" || brand === "avis")],
  ["gif", (head) => ["GIF87a", "GIF89a"].includes(text(head, 0, 6))],
  ["bmp", isBitmap],
];

const CONVERT = "Convert it to JPEG or PNG: an image viewer's “Save as” or “Export” does that.";
const HEIC_BRANDS = ["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1"];

const FOREIGN: readonly { readonly name: string; readonly advice: string; readonly is: Test }[] = [
  {
    name: "HEIC",
    advice:
      "Convert it to JPEG: Preview on a Mac and Photos on Windows export it; an iPhone takes JPEG after " +
      "Settings, Camera, Formats, Most Compatible.",
    is: (head) => brandsOf(head).some((brand) => HEIC_BRANDS.includes(brand)),
  },
  {
    name: "a camera's raw file",
    advice: "Convert it to JPEG: the camera's own program or a raw converter exports it.",
    is: (head) =>
      brandsOf(head).includes("crx ") || text(head, 0, 8) === "FUJIFILM" || text(head, 8, 10) === "CR" ||
      ["IIRO", "IIRS", "IIU\0", "MMOR"].includes(text(head, 0, 4)),
  },
  {
    name: "TIFF",
    advice: CONVERT,
    is: (head) => ["II*\0", "MM\0*", "II+\0", "MM\0+"].includes(text(head, 0, 4)),
  },
  {
    name: "JPEG XL",
    advice: CONVERT,
    is: (head) => begins([0xff, 0x0a])(head) || text(head, 0, 8) === "\0\0\0\x0cJXL ",
  },
  {
    name: "JPEG 2000",
    advice: CONVERT,
    is: (head) => begins([0xff, 0x4f, 0xff, 0x51])(head) || text(head, 0, 8) === "\0\0\0\x0cjP  ",
  },
  {
    name: "PDF",
    advice: "Save the picture in it as JPEG or PNG.",
    is: (head) => text(head, 0, 5) === "%PDF-",
  },
  { name: "a Photoshop file", advice: CONVERT, is: (head) => text(head, 0, 4) === "8BPS" },
  { name: "an icon", advice: CONVERT, is: begins([0, 0, 1, 0]) },
  {
    name: "SVG",
    advice: "Convert it to PNG: it has no pixels of its own.",
    is: (head) =>
      /^\s*(<\?xml[^>]*>\s*)?(<!--[^]*?-->\s*)*(<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/iu.test(words(head)),
  },
  {
    name: "a web page",
    advice: "Save the picture itself, not the page that shows it.",
    is: (head) => /^\s*<(!doctype html|html)[\s>]/iu.test(words(head)),
  },
];

const VIDEOS: readonly Test[] = [
  (head) => ["ftyp", "moov", "mdat", "wide"].includes(text(head, 4, 8)),
  begins([0x1a, 0x45, 0xdf, 0xa3]), // WebM and Matroska.
  (head) => text(head, 0, 4) === "OggS",
  (head) => text(head, 0, 4) === "RIFF" && text(head, 8, 12) === "AVI ",
  begins([0, 0, 1, 0xba]), // MPEG.
  (head) => head[0] === 0x47 && head[188] === 0x47, // MPEG transport stream.
];

function begins(signature: readonly number[]): Test {
  return (head) => signature.every((byte, at) => head[at] === byte);
}

/** The brands of a file of the MP4 family, the main one first. */
function brandsOf(head: Uint8Array): readonly string[] {
  if (text(head, 4, 8) !== "ftyp") return [];
  const length = new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(0);
  const brands = [text(head, 8, 12)];
  for (let at = 16; at + 4 <= Math.min(length, head.byteLength); at += 4) brands.push(text(head, at, at + 4));
  return brands;
}

/** Two letters prove little: the length of the header behind them is looked at, too. */
function isBitmap(head: Uint8Array): boolean {
  if (text(head, 0, 2) !== "BM" || head.byteLength < 18) return false;
  const header = new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(14, true);
  return [12, 40, 52, 56, 64, 108, 124].includes(header);
}

function text(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}

function words(head: Uint8Array): string {
  return new TextDecoder().decode(head);
}
