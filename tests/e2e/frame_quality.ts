/// <reference lib="dom" />
/** What a moving frame's encoding costs the network: crops of the sample photos, encoded by a real browser. */
import type { Page } from "playwright-core";
import type { FrameFormat } from "../../shared/codec.ts";
import type { Engine } from "../../server/engine/mod.ts";
import { topPredictions } from "../../server/methods/mod.ts";

/** The page's sample photos. */
const PHOTOS = ["coffee", "chelsea", "rocket", "astronaut", "camera"] as const;

/** Crops of each photo. */
const CROPS_PER_PHOTO = 10;

/** A square of a photo: its side as a share of the photo's shorter one, its place as shares of what is left. */
interface Crop {
  readonly photo: string;
  readonly side: number;
  readonly x: number;
  readonly y: number;
}

/** Fifty crops, always the same: sides from half to the whole, spread over the photos. */
export const CROPS: readonly Crop[] = PHOTOS.flatMap((photo) =>
  Array.from({ length: CROPS_PER_PHOTO }, (_, at) => ({
    photo,
    side: 1 - 0.5 * at / (CROPS_PER_PHOTO - 1),
    // Multiples of two irrational numbers: spread evenly, repeated never.
    x: (at * Math.SQRT2) % 1,
    y: (at * Math.sqrt(3)) % 1,
  }))
);

/** An encoded crop. */
export interface Encoded {
  readonly format: FrameFormat;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Time of the encoding in the page, in ms. */
  readonly ms: number;
}

/** A way to write a crop: pixels, PNG, or JPEG of a quality from 0 to 1. */
export type Encoding = "rgb" | "png" | number;

/** Encodes every crop as the page encodes its frames. */
export async function encodeCrops(page: Page, side: number, encoding: Encoding): Promise<Encoded[]> {
  const made = await page.evaluate(async ({ crops, side, encoding }) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = side;
    const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    if (context === null) throw new Error("no canvas");
    context.imageSmoothingQuality = "high";
    const photos = new Map<string, ImageBitmap>();
    const list: { data: string; ms: number }[] = [];
    const pixels = (): Uint8Array => {
      const rgba = context.getImageData(0, 0, side, side).data;
      const rgb = new Uint8Array(3 * side * side);
      for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
        rgb[to] = rgba[from] ?? 0;
        rgb[to + 1] = rgba[from + 1] ?? 0;
        rgb[to + 2] = rgba[from + 2] ?? 0;
      }
      return rgb;
    };
    const base64 = (bytes: Uint8Array): string => {
      let binary = "";
      for (const byte of bytes) binary += String.fromCharCode(byte);
      return btoa(binary);
    };
    for (const { photo, side: share, x, y } of crops) {
      const known = photos.get(photo);
      const bitmap = known ?? await createImageBitmap(await (await fetch(`/samples/${photo}.jpg`)).blob());
      photos.set(photo, bitmap);
      const length = Math.round(share * Math.min(bitmap.width, bitmap.height));
      const left = Math.round(x * (bitmap.width - length));
      const top = Math.round(y * (bitmap.height - length));
      context.drawImage(bitmap, left, top, length, length, 0, 0, side, side);
      const startMs = performance.now();
      const made = encoding === "rgb"
        ? pixels()
        : encoding === "png"
        ? canvas.toDataURL("image/png")
        : canvas.toDataURL("image/jpeg", encoding);
      const ms = performance.now() - startMs;
      list.push({ data: typeof made === "string" ? made.slice(made.indexOf(",") + 1) : base64(made), ms });
    }
    return list;
  }, { crops: CROPS, side, encoding });
  return made.map(({ data, ms }) => ({
    format: typeof encoding === "number" ? "jpeg" : encoding,
    bytes: Uint8Array.from(atob(data), (character) => character.charCodeAt(0)),
    ms,
  }));
}

/** Logits of each picture, as the engine computes them. */
export async function logitsOf(engine: Engine, pictures: readonly Encoded[]): Promise<Float32Array[]> {
  const all: Float32Array[] = [];
  for (const [frame, { format, bytes }] of pictures.entries()) {
    await engine.admit(frame, format, bytes);
    try {
      const { rows: [row] } = await engine.run([{
        frame,
        variation: { kind: "none" },
        want: { kind: "logits" },
      }]);
      if (row?.ok !== true) throw new Error(`Cannot measure: a row failed: ${JSON.stringify(row)}`);
      all.push(row.logits);
    } finally {
      engine.release(frame);
    }
  }
  return all;
}

/**
 * By how much the probability of each lossless picture's first class differs in another encoding of it, in points
 * (hundredths of a probability), smallest first.
 */
export function differences(lossless: readonly Float32Array[], lossy: readonly Float32Array[]): number[] {
  return lossless.map((logits, at) => {
    const [top] = topPredictions(logits, { labels: [] }, 1);
    const other = lossy[at];
    if (top === undefined || other === undefined) throw new Error("Cannot compare: a picture has no logits");
    const same = topPredictions(other, { labels: [] }, other.length).find(({ index }) => index === top.index);
    return 100 * Math.abs(top.probability - (same?.probability ?? 0));
  }).sort((a, b) => a - b);
}
