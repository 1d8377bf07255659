/** What several tests of the engine share: fixtures, goldens, measures. */

export { correlation } from "../../../shared/correlation.ts";

/** Folder of the shipped model. */
export const MODEL_DIR = new URL("../../../models/efficientnet-lite0", import.meta.url).pathname;

/** What PyTorch says about a photo. */
export interface Golden {
  readonly photo: string;
  readonly logits: readonly number[];
  readonly classes: readonly number[];
}

/** Photos that have goldens. */
export const GOLDEN_PHOTOS = ["coffee", "camera", "chelsea"] as const;

/** Reads the golden of a photo. */
export async function readGolden(photo: string): Promise<Golden> {
  const golden: Golden = JSON.parse(await Deno.readTextFile(reference(`goldens/${photo}.json`)));
  return golden;
}

/** Reads a golden map by photo, method and class. */
export function readGoldenMap(photo: string, method: string, classIndex: number): Promise<Npy> {
  return readNpy(reference(`goldens/${photo}-${method}-${classIndex}.npy`));
}

/** Reads the encoded photo, 224×224. */
export function readPhoto(photo: string): Promise<Uint8Array<ArrayBuffer>> {
  return Deno.readFile(new URL(`../../../tests/fixtures/photos/${photo}.png`, import.meta.url));
}

/** An array of a NumPy file. */
export interface Npy {
  readonly shape: readonly number[];
  readonly values: Float32Array | Uint8Array<ArrayBuffer>;
}

/** Reads a NumPy file (format 1.0) of float32 or uint8 in C order. */
export async function readNpy(file: URL): Promise<Npy> {
  const bytes = await Deno.readFile(file);
  const start = 10 + new DataView(bytes.buffer).getUint16(8, true);
  const header = new TextDecoder().decode(bytes.subarray(10, start));
  const shape = (/'shape': \(([\d, ]*)\)/u.exec(header)?.[1] ?? "").split(",").filter((side) => side.trim())
    .map(Number);
  const data = bytes.slice(start);
  return { shape, values: header.includes("'<f4'") ? new Float32Array(data.buffer) : data };
}

/** Largest difference between two arrays of one length. */
export function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) {
    throw new RangeError(`Cannot compare the numbers: expected ${a.length}, got ${b.length}`);
  }
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs((a[i] ?? NaN) - (b[i] ?? NaN)));
  return largest;
}

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ state >>> 15, 1 | state);
    t = (t + Math.imul(t ^ t >>> 7, 61 | t)) ^ t;
    return ((t ^ t >>> 14) >>> 0) / 2 ** 32;
  };
}

function reference(path: string): URL {
  return new URL(`../../../tests/reference/${path}`, import.meta.url);
}
