/** Inputs for a network, made of pictures: parts of them at any place and size, noise, darkness. */
import type { Engine, LoadedModel } from "../../server/engine/mod.ts";
import { MAX_BATCH_ROWS, type Picture, resize } from "../../server/engine/mod.ts";

/** A square part of a picture. */
export interface Part {
  /** Its centre as shares of the picture's width and height, 0…1. */
  readonly x: number;
  readonly y: number;
  /** Its side as a share of the picture's shorter side, 0…1. */
  readonly side: number;
}

/** The whole square in the middle. */
export const WHOLE: Part = { x: 0.5, y: 0.5, side: 1 };

/** Random numbers from a seed: uniform in 0…1, and Gaussian with standard deviation 1. */
export interface Random {
  uniform(): number;
  gaussian(): number;
}

/** Mulberry32: the same numbers everywhere for the same seed. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const gaussian = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, gaussian };
}

/** Cuts a square part out of a picture, moved inside where it would leave it, and resizes it to `side` pixels. */
export function cutPart({ width, height, rgb }: Picture, part: Part, side: number): Picture {
  const wanted = Math.max(8, Math.round(part.side * Math.min(width, height)));
  const place = (centre: number, length: number) =>
    Math.round(Math.min(length - wanted, Math.max(0, centre * length - wanted / 2)));
  const [left, top] = [place(part.x, width), place(part.y, height)];
  const cut = new Uint8Array(3 * wanted * wanted);
  for (let row = 0; row < wanted; row++) {
    const from = 3 * ((top + row) * width + left);
    cut.set(rgb.subarray(from, from + 3 * wanted), 3 * row * wanted);
  }
  return resize({ width: wanted, height: wanted, rgb: cut }, side, side);
}

/** A picture of one colour. */
export function plain(side: number, [red, green, blue]: readonly [number, number, number]): Picture {
  const rgb = new Uint8Array(3 * side * side);
  for (let at = 0; at < rgb.length; at += 3) rgb.set([red, green, blue], at);
  return { width: side, height: side, rgb };
}

/** The picture with Gaussian noise of this standard deviation, in steps of 0…255, on every sample. */
export function withNoise({ width, height, rgb }: Picture, deviation: number, random: Random): Picture {
  const noisy = Uint8ClampedArray.from(rgb, (value) => value + deviation * random.gaussian());
  return { width, height, rgb: new Uint8Array(noisy.buffer) };
}

/** The picture with every sample multiplied: below 1 darker. */
export function withLight({ width, height, rgb }: Picture, factor: number): Picture {
  return {
    width,
    height,
    rgb: new Uint8Array(Uint8ClampedArray.from(rgb, (value) => value * factor).buffer),
  };
}

/** The logits of pictures that have the input's size, from an engine that holds a frame under key 1. */
export async function logitsOf(engine: Engine, pictures: readonly Picture[]): Promise<Float32Array[]> {
  const all: Float32Array[] = [];
  for (let first = 0; first < pictures.length; first += MAX_BATCH_ROWS) {
    const batch = pictures.slice(first, first + MAX_BATCH_ROWS);
    const { rows } = await engine.run(batch.map((picture) => ({
      frame: 1,
      variation: { kind: "input", values: normalised(picture, engine.model) },
      want: { kind: "logits" },
    })));
    for (const row of rows) {
      if (!row.ok) throw new Error(`Cannot measure the picture: ${row.reason}`);
      all.push(row.logits);
    }
  }
  return all;
}

function normalised({ rgb }: Picture, { normalisation: { mean, scale } }: LoadedModel): Float32Array {
  return Float32Array.from(rgb, (value, at) => (value - (mean[at % 3] ?? 0)) / (scale[at % 3] ?? 1));
}
