/** A network of a few numbers that answers probes directly, for tests of generators. */
import type { LoadedModel, Probe } from "../engine/port.ts";
import type { Attribution, GoodRow, MapTile, MethodContext, RawMap } from "./method.ts";

const FILL_VALUES = { grey: 0, black: -1, white: 1, blur: 0.5 } as const;

/** Numbers 0…1 that are the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a fake network looks like. */
export interface FakeNetworkOptions {
  readonly width: number;
  readonly height: number;
  readonly classes?: number;
  readonly seed?: number;
  /** `[2, 2]` projection of every class, or null for a network with another head. */
  readonly projection?: readonly number[] | null;
}

/** Logits bend with the sum of weighted px, so that neighbouring windows do not simply add up. */
export class FakeNetwork {
  readonly model: LoadedModel;
  readonly #weights: readonly Float64Array[];
  readonly #projection: readonly number[] | null;

  constructor({ width, height, classes = 3, seed = 1, projection = [1, 2, 3, 4] }: FakeNetworkOptions) {
    const random = randomNumbers(seed);
    this.#weights = Array.from(
      { length: classes },
      () => Float64Array.from({ length: width * height }, () => random() * 2 - 1),
    );
    this.#projection = projection;
    this.model = {
      id: "fake",
      name: "Fake",
      width,
      height,
      defaultLayer: "features",
      classes,
      labels: Array.from({ length: classes }, (_, index) => `class ${index}, number ${index}`),
      layers: [
        { name: "early", kind: "relu", shape: [4, 4, 1] },
        { name: "features", kind: "relu", shape: [2, 2, 1] },
      ],
      projectionLayer: projection === null ? null : "features",
    };
  }

  /** `[height·width]` px of a frame. */
  picture(frame: number): Float64Array {
    const random = randomNumbers(frame + 1000);
    return Float64Array.from({ length: this.model.width * this.model.height }, () => random() * 2 - 1);
  }

  /** Logits of a picture, `[classes]`. */
  logits(picture: Float64Array): Float32Array {
    return Float32Array.from(this.#weights, (weights) => {
      const sum = weights.reduce((total, weight, index) => total + weight * (picture[index] ?? 0), 0);
      return sum + 2 * Math.tanh(sum);
    });
  }

  /** Answers one probe. */
  answer({ frame, variation, want }: Probe): GoodRow {
    const picture = this.picture(frame);
    if (variation.kind === "fill") {
      const { top, left, height, width } = variation.window;
      for (let row = top; row < top + height; row++) {
        const start = row * this.model.width + left;
        picture.fill(FILL_VALUES[variation.fill], start, start + width);
      }
    }
    const classes = Array.from({ length: this.model.classes }, (_, index) => index);
    const projection = want.kind === "projection" && this.#projection !== null
      ? {
        classes,
        height: 2,
        width: 2,
        values: Float32Array.from(classes.flatMap((index) => this.#projection?.map((v) => v - index) ?? [])),
      }
      : null;
    return { ok: true, logits: this.logits(picture), projection, detail: null };
  }
}

/** A context with everything that a test does not care about filled in. */
export function contextOf(network: FakeNetwork, some: Partial<MethodContext> = {}): MethodContext {
  return {
    frame: 1,
    model: network.model,
    target: { kind: "class", index: 0 },
    layer: "features",
    options: {},
    carry: new Map(),
    still: true,
    ...some,
  };
}

/** What happened while a generator ran. */
export interface Course {
  readonly map: RawMap | null;
  readonly tiles: readonly MapTile[];
  /** The groups of probes in the lane `tile`. */
  readonly groups: readonly (readonly Probe[])[];
  readonly kinds: readonly string[];
}

/** Runs a generator to its end, or ends it when it asks for its `maxGroups`+1st group of tile rows. */
export function runCourse(network: FakeNetwork, attribution: Attribution, maxGroups = Infinity): Course {
  const tiles: MapTile[] = [];
  const groups: (readonly Probe[])[] = [];
  const kinds: string[] = [];
  let rows: readonly GoodRow[] = [];
  for (;;) {
    const next = attribution.next(rows);
    if (next.done === true) return { map: next.value, tiles, groups, kinds };
    const step = next.value;
    kinds.push(step.kind === "probes" ? step.lane : step.kind);
    rows = [];
    if (step.kind === "tile") tiles.push(step.tile);
    if (step.kind !== "probes") continue;
    if (step.lane === "tile") {
      if (groups.length === maxGroups) {
        attribution.return({ classIndex: 0, layer: null, height: 0, width: 0, values: new Float32Array() });
        return { map: null, tiles, groups, kinds };
      }
      groups.push(step.probes);
    }
    rows = step.probes.map((probe) => network.answer(probe));
  }
}
