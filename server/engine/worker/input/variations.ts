/** The variations of a frame that a batch is made of. */
import type { Cover } from "../../../../shared/cover.ts";
import { LruCache } from "../../../../shared/lru_cache.ts";
import type { Normalisation } from "../../model/card.ts";
import type { Fill, InputWindow, Variation } from "../../port.ts";
import { channelsOf, InputFrame, type InputSize, RGB } from "./frame.ts";
import { coverPixels } from "./cover.ts";
import { enlargeMask } from "./mask.ts";
import { NoiseBank } from "./noise.ts";

/** Seeds whose noise is remembered; the 25 samples of SmoothGrad on 224×224 px take 15 MB. */
const KEPT_SEEDS = 25;

/** What they may take for larger inputs, in bytes. */
const KEPT_BYTES = 2 ** 26;

/** Covers of one frame that are remembered: as many as there are panes, and some to come back to. */
const KEPT_COVERS = 8;

/** Writes variations of frames for one network's input. */
export class Variations {
  readonly #size: InputSize;
  readonly #noise: NoiseBank;
  /** `[height, width, 3]` of one colour each. */
  readonly #plain: Readonly<Record<Exclude<Fill, "blur">, Float32Array>>;

  /** Frames under covers, by frame. */
  readonly #covered = new WeakMap<InputFrame, LruCache<string, InputFrame>>();

  constructor(size: InputSize, normalisation: Normalisation) {
    this.#size = size;
    const length = RGB * size.height * size.width;
    this.#noise = new NoiseBank(length, KEPT_SEEDS, KEPT_BYTES);
    this.#plain = {
      grey: new Float32Array(length),
      black: plain(length, 0, normalisation),
      white: plain(length, 255, normalisation),
    };
  }

  /** Writes a frame with a variation applied into `row`, `[height, width, 3]`. */
  write(row: Float32Array, frame: InputFrame, variation: Variation): void {
    const { pixels } = frame;
    switch (variation.kind) {
      case "none":
        return row.set(pixels);
      case "fill":
        row.set(pixels);
        return fill(row, this.#base(frame, variation.fill), variation.window, this.#size);
      case "scale":
        return scale(row, pixels, this.#base(frame, variation.base), variation.alpha);
      case "noise":
        return addNoise(row, pixels, this.#noise.take(variation.seed), variation.level * frame.span);
      case "mix": {
        const mask = enlargeMask(variation.mask, this.#size);
        return mix(row, pixels, this.#base(frame, variation.base), mask);
      }
      case "input":
        return row.set(variation.values);
      default:
        variation satisfies never;
    }
  }

  /** A frame as it is seen under a cover. */
  covered(frame: InputFrame, cover: Cover | undefined): InputFrame {
    if (cover === undefined) return frame;
    const known = this.#covered.get(frame) ?? new LruCache(KEPT_COVERS);
    this.#covered.set(frame, known);
    return known.getOrMake(`${cover.fill} ${cover.cells}`, () => {
      const paint = { pixels: frame.pixels, size: this.#size, black: this.#plain.black };
      return new InputFrame(coverPixels(paint, cover), this.#size);
    });
  }

  /** Writes what hides a window into `values`, `[height, width, 3]` of the window. */
  writeWindow(
    values: Float32Array,
    frame: InputFrame,
    { window: { top, left, height, width }, fill }: Extract<Variation, { kind: "fill" }>,
  ): void {
    const base = this.#base(frame, fill);
    for (let line = 0; line < height; line++) {
      const first = RGB * ((top + line) * this.#size.width + left);
      values.set(base.subarray(first, first + RGB * width), RGB * width * line);
    }
  }

  #base(frame: InputFrame, fill: Fill): Float32Array {
    return fill === "blur" ? frame.blurred : this.#plain[fill];
  }
}

/** An input of one grey value, 0 to 255. */
function plain(length: number, value: number, normalisation: Normalisation): Float32Array {
  const px = channelsOf(normalisation).map(({ mean, scale }) => (value - mean) / scale);
  const values = new Float32Array(length);
  for (let i = 0; i < length; i++) values[i] = px[i % RGB] as number;
  return values;
}

/** Puts the base's pixels into a window of the row. */
function fill(row: Float32Array, base: Float32Array, window: InputWindow, { width }: InputSize): void {
  for (let line = 0; line < window.height; line++) {
    const first = RGB * ((window.top + line) * width + window.left);
    row.set(base.subarray(first, first + RGB * window.width), first);
  }
}

function scale(row: Float32Array, pixels: Float32Array, base: Float32Array, alpha: number): void {
  for (let i = 0; i < row.length; i++) {
    const from = base[i] as number;
    row[i] = from + alpha * ((pixels[i] as number) - from);
  }
}

function addNoise(row: Float32Array, pixels: Float32Array, noise: Float32Array, sigma: number): void {
  for (let i = 0; i < row.length; i++) row[i] = (pixels[i] as number) + sigma * (noise[i] as number);
}

/** @param mask `[height, width]` */
function mix(row: Float32Array, pixels: Float32Array, base: Float32Array, mask: Float32Array): void {
  for (let px = 0, i = 0; px < mask.length; px++) {
    const share = mask[px] as number;
    for (const end = i + RGB; i < end; i++) {
      const from = base[i] as number;
      row[i] = from + share * ((pixels[i] as number) - from);
    }
  }
}
