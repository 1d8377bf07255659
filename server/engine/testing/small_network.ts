/** The small network of the tests: it answers probes directly, with its true derivatives. */
import type { AnyHead } from "../../heads/mod.ts";
import { topClasses } from "../../../shared/logits.ts";
import type { LoadedModel, Probe, Projection, Row, Want } from "../port.ts";
import { type Sketch, sketchOf } from "../sketch.ts";
import { probeFault } from "../worker/batch/fault.ts";
import { InputFrame } from "../worker/input/frame.ts";
import { Variations } from "../worker/input/variations.ts";
import { withHeadAbilities } from "../worker/network/network.ts";
import { logitsOf, readyHead, type TaughtHead } from "../worker/network/taught_head.ts";
import type { Abilities } from "../worker/wants/want.ts";
import { detailOf } from "./_details.ts";
import { featuresOf, forward, layerOf, type Numbers, type Pass } from "./_layers.ts";
import { linearParts, type ModelChanges } from "./_linear_parts.ts";
import { headOf, lastOf, modelOf, type Parts } from "./_parts.ts";
import { type RandomOptions, randomParts } from "./_random_parts.ts";

export { layerOf, type ModelChanges };

/** Which weights a network has. */
export type SmallNetworkOptions =
  /** ReLU6 and ReLU between layers with random weights, so that neighbouring windows do not simply add up. */
  | Partial<RandomOptions> & Pick<RandomOptions, "width" | "height"> & {
    readonly wiring?: "random";
    /**
     * `[2, 2]` numbers that stand for the projection of every class, less the class's index; null for a network
     * with another head; by default the projection of its own features.
     */
    readonly projection?: readonly number[] | null;
  }
  /** Ten classes, 7×7 cells, means of pixels and nothing else. */
  | ModelChanges & { readonly wiring: "linear" };

/** A row that has its numbers. */
type GoodRow = Extract<Row, { ok: true }>;

/** Spatial layers, their mean, and one dense layer. */
export class SmallNetwork {
  readonly model: LoadedModel;
  readonly #parts: Parts;
  readonly #abilities: Abilities;
  readonly #variations: Variations;
  readonly #projection: readonly number[] | null | undefined;
  readonly #heads = new Map<number, TaughtHead>();

  constructor(options: SmallNetworkOptions) {
    this.#parts = partsOf(options);
    this.#projection = options.wiring === "linear" ? undefined : options.projection;
    this.model = modelOf(this.#parts, this.#projection === null);
    const order = this.model.layers.map(({ name }) => name);
    this.#abilities = {
      model: this.model,
      denseLogits: true,
      feeds: (layer, into) => order.indexOf(layer) <= order.indexOf(into ?? "logits"),
    };
    // Grey is 0, black −1 and white 1.
    this.#variations = new Variations(this.model, {
      mean: [127.5, 127.5, 127.5],
      scale: [127.5, 127.5, 127.5],
    });
  }

  /** A frame's input, `[height, width, 3]`. */
  picture(frame: number): Float64Array {
    return Float64Array.from(this.#parts.picture(frame));
  }

  /** A frame decided by a picture's bytes, which are not decoded. */
  frameOf(picture: Uint8Array): InputFrame {
    return this.#frame(hash(picture));
  }

  /** What a frame shows: its numbers as levels. */
  sketchOf({ pixels }: InputFrame): Sketch {
    const { range } = this.#parts;
    const values = pixels.map((value) => (value + range) / (2 * range) * 255);
    return sketchOf({ width: this.model.width, height: this.model.height, values, channels: 3 });
  }

  /**
   * `[channels]` biases of a layer, which may be set.
   *
   * @throws RangeError where there is no such layer
   */
  bias(layer: string): Float64Array {
    const found = this.#parts.layers.find(({ name }) => name === layer);
    if (found !== undefined) return found.bias;
    throw new RangeError(`Cannot read the biases: expected a spatial layer, got '${layer}'`);
  }

  /** Keeps a head for probes that name it, or forgets it; as `Engine.setHead` does. */
  setHead(key: number, head: AnyHead | null): void {
    if (head === null) this.#heads.delete(key);
    else this.#heads.set(key, readyHead(head, this.model.features?.count ?? null));
  }

  /** Every value of one forward pass over `[height, width, 3]`, with a head that was set in place of its own. */
  forward(input: Numbers, randomHead?: number, head?: number): Pass {
    const taught = this.#heads.get(head ?? NaN);
    const own = taught?.kind === "dense" ? denseOf(taught) : this.#parts.head;
    const pass = forward(this.#parts.layers, input, headOf(own, randomHead));
    if (taught?.kind !== "rows") return pass;
    const features = Float32Array.from(featuresOf(this.#parts.layers, pass));
    return { ...pass, logits: Float64Array.from(logitsOf(taught, randomHead ?? null)(features)) };
  }

  /** Computes one row; without a frame it fails. */
  compute(probe: Probe, frame: InputFrame | undefined): Row {
    const fault = this.#fault(probe, frame !== undefined);
    if (frame === undefined || fault !== null) {
      return { ok: false, reason: `Cannot compute the row: ${fault}` };
    }
    const { height, width } = this.model;
    const input = new Float32Array(3 * height * width);
    this.#variations.write(input, this.#variations.covered(frame, probe.cover), probe.variation);
    const pass = this.forward(input, probe.randomHead, probe.head);
    return {
      ok: true,
      logits: Float32Array.from(pass.logits),
      projection: this.#project(probe.want, pass),
      detail: detailOf({ layers: this.#parts.layers, pass, size: this.model }, probe.want),
    };
  }

  /**
   * Computes one row of the frame that has the probe's key for its seed.
   *
   * @throws RangeError where the row fails
   */
  answer(probe: Probe): GoodRow {
    const row = this.compute(probe, this.#frame(probe.frame));
    if (row.ok) return row;
    throw new RangeError(row.reason);
  }

  #frame(seed: number): InputFrame {
    return new InputFrame(this.#parts.picture(seed), this.model);
  }

  #fault(probe: Probe, isHere: boolean): string | null {
    if (probe.head === undefined) return probeFault(probe, isHere, this.#abilities);
    const head = this.#heads.get(probe.head);
    return head === undefined
      ? `expected a head that was set and not forgotten, got ${probe.head}`
      : probeFault(probe, isHere, withHeadAbilities(this.#abilities, head));
  }

  /** The last spatial layer weighted by the head for the classes that a want names, or null. */
  #project(want: Want, { spatial, head, logits }: Pass): Projection | null {
    if (want.kind !== "projection") return null;
    const { name, side, channels } = lastOf(this.#parts);
    const { after } = layerOf({ spatial }, name);
    const given = this.#projection;
    const classes = [...new Set([...topClasses(Float32Array.from(logits), want.top), ...want.also])];
    const valueOf = (c: number, cell: number) => {
      let sum = 0;
      for (let k = 0; k < channels; k++) {
        sum += (head.kernel[k * logits.length + c] ?? 0) * (after[cell * channels + k] ?? 0);
      }
      return sum;
    };
    const values = classes.flatMap((c) =>
      given?.map((value) => value - c) ??
        Array.from({ length: side ** 2 }, (_, cell) => valueOf(c, cell))
    );
    return { classes, height: side, width: side, values: Float32Array.from(values) };
  }
}

function partsOf(options: SmallNetworkOptions): Parts {
  if (options.wiring === "linear") {
    const { wiring: _, ...changes } = options;
    return linearParts(changes);
  }
  const { width, height, classes = 3, seed = 1, biases = false } = options;
  return randomParts({ width, height, classes, seed, biases });
}

function denseOf({ weights: { kernel, bias } }: Extract<TaughtHead, { kind: "dense" }>) {
  return { kernel: Float64Array.from(kernel.values), bias: Float64Array.from(bias.values) };
}

/** FNV-1a. */
function hash(bytes: Uint8Array): number {
  return bytes.reduce((state, byte) => Math.imul(state ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
}
