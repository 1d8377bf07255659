/** The network of the in-memory twin: a linear one whose every number and gradient can be told by heart. */
import type { LoadedModel, Probe, Row } from "../port.ts";
import { CELLS, CLASSES, detailOf, type Forward, GRID, project, type Wiring } from "./_memory_rows.ts";
import { type Sketch, sketchOf } from "../sketch.ts";
import { probeFault } from "../worker/batch/fault.ts";
import type { Abilities } from "../worker/wants/want.ts";
import { InputFrame } from "../worker/input/frame.ts";
import { drawDense } from "../worker/network/random_head.ts";
import { Variations } from "../worker/input/variations.ts";

const LABELS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/** Layers in the order in which they feed each other. */
const LAYERS: readonly string[] = ["input", "features", "pool", "logits"];

/** What may be different about the model. */
export type ModelChanges = Partial<Pick<LoadedModel, "id" | "name" | "width" | "height">>;

/**
 * Every pixel belongs to a cell of 7×7 and to one of ten classes; a cell's evidence for a class is the mean of its pixels.
 * Global average pooling and a dense layer, which is the identity, make the logits of it. There are no biases.
 */
export class MemoryNetwork {
  readonly model: LoadedModel;
  readonly #abilities: Abilities;
  readonly #variations: Variations;
  readonly #wiring: Wiring;

  constructor(changes: ModelChanges = {}) {
    const size = { width: 224, height: 224, ...changes };
    this.model = {
      id: "memory",
      name: "Ten numbers",
      ...size,
      defaultLayer: "features",
      classes: CLASSES,
      knows: `${CLASSES} classes`,
      tries: [],
      labels: LABELS,
      layers: [
        { name: "input", kind: "InputLayer", shape: [size.height, size.width, 3], inputs: [] },
        { name: "features", kind: "Conv2D", shape: [GRID, GRID, CLASSES], inputs: ["input"] },
        { name: "pool", kind: "GlobalAveragePooling2D", shape: [CLASSES], inputs: ["features"] },
        { name: "logits", kind: "Dense", shape: [CLASSES], inputs: ["pool"] },
      ],
      projectionLayer: "features",
      normalisation: { mean: [127, 127, 127], scale: [128, 128, 128] },
      about: { description: "", source: {}, licence: {}, layers: 0, parameters: 0, multiplyAdds: 0 },
    };
    this.#abilities = {
      model: this.model,
      denseLogits: true,
      feeds: (layer, into) => LAYERS.indexOf(layer) <= LAYERS.indexOf(into ?? "logits"),
    };
    // Grey is 0, black −1 and white 1.
    this.#variations = new Variations(size, { mean: [127.5, 127.5, 127.5], scale: [127.5, 127.5, 127.5] });
    this.#wiring = wire(size);
  }

  /** A frame whose evidence is a number from −10 to 10 for each cell and class, decided by the picture's bytes. */
  frameOf(picture: Uint8Array): InputFrame {
    const seed = hash(picture);
    const evidence = Float32Array.from({ length: CELLS * CLASSES }, (_, unit) => evidenceOf(seed, unit));
    const { units } = this.#wiring;
    const pixels = new Float32Array(3 * units.length);
    for (let i = 0; i < pixels.length; i++) {
      pixels[i] = evidence[units[Math.floor(i / 3)] as number] as number;
    }
    return new InputFrame(pixels, this.model);
  }

  /** What a frame shows: its evidence of −10 to 10 as levels. */
  sketchOf({ pixels }: InputFrame): Sketch {
    const values = pixels.map((value) => (value + 10) / 20 * 255);
    return sketchOf({ width: this.model.width, height: this.model.height, values, channels: 3 });
  }

  /** Computes one row; without a frame it fails. */
  compute(probe: Probe, frame: InputFrame | undefined): Row {
    const fault = probeFault(probe, frame !== undefined, this.#abilities);
    if (frame === undefined || fault !== null) {
      return { ok: false, reason: `Cannot compute the row: ${fault}` };
    }
    const forward = this.#forward(probe, frame);
    return {
      ok: true,
      logits: forward.logits,
      projection: project(probe.want, forward),
      detail: detailOf(probe.want, forward, this.#wiring),
    };
  }

  #forward({ variation, randomHead }: Probe, frame: InputFrame): Forward {
    const { height, width } = this.model;
    const pixels = new Float32Array(3 * height * width);
    this.#variations.write(pixels, frame, variation);
    const { units, sizes } = this.#wiring;
    const sums = new Float64Array(CELLS * CLASSES);
    for (let i = 0; i < pixels.length; i++) {
      const unit = units[Math.floor(i / 3)] as number;
      sums[unit] = (sums[unit] as number) + (pixels[i] as number);
    }
    const features = Float32Array.from(sums, (sum, unit) => sum / (sizes[unit] as number));
    const kernel = kernelOf(randomHead);
    return {
      pixels: { height, width, channels: 3, values: pixels },
      features: { height: GRID, width: GRID, channels: CLASSES, values: features },
      logits: logitsOf(features, kernel),
      kernel,
    };
  }
}

function wire({ width, height }: Pick<LoadedModel, "width" | "height">): Wiring {
  const units = new Uint16Array(width * height);
  for (let y = 0, px = 0; y < height; y++) {
    for (let x = 0; x < width; x++, px++) {
      const cell = Math.floor(y * GRID / height) * GRID + Math.floor(x * GRID / width);
      units[px] = cell * CLASSES + (x + 3 * y) % CLASSES;
    }
  }
  const sizes = new Float64Array(CELLS * CLASSES);
  for (const unit of units) sizes[unit] = (sizes[unit] as number) + 3;
  if (sizes.every((size) => size > 0)) return { units, sizes };
  throw new RangeError(
    `Cannot make the engine: every class needs pixels in each of ${GRID}×${GRID} cells, got ${height}×${width}`,
  );
}

/** The identity, or what a seed draws in its place. */
function kernelOf(seed: number | undefined): Float32Array {
  const values = Float32Array.from({ length: CLASSES ** 2 }, (_, i) => i % (CLASSES + 1) === 0 ? 1 : 0);
  const own = {
    kernel: { shape: [CLASSES, CLASSES], values },
    bias: { shape: [CLASSES], values: new Float32Array(CLASSES) },
  };
  return (seed === undefined ? own : drawDense(own, seed)).kernel.values;
}

function logitsOf(features: Float32Array, kernel: Float32Array): Float32Array {
  const logits = new Float64Array(CLASSES);
  for (const [unit, value] of features.entries()) {
    for (let c = 0; c < CLASSES; c++) {
      const weight = kernel[(unit % CLASSES) * CLASSES + c] as number;
      logits[c] = (logits[c] as number) + weight * value / CELLS;
    }
  }
  return new Float32Array(logits);
}

/** FNV-1a. */
function hash(bytes: Uint8Array): number {
  return bytes.reduce((state, byte) => Math.imul(state ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
}

/** A number from −10 to 10 that only its arguments decide. */
function evidenceOf(...parts: readonly number[]): number {
  let state = 0;
  for (const part of parts) {
    state = Math.imul(state ^ part, 0x85ebca6b);
    state = Math.imul(state ^ state >>> 13, 0xc2b2ae35);
    state ^= state >>> 16;
  }
  return (state >>> 0) / 2 ** 32 * 20 - 10;
}
