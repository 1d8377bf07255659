/** A network of a few numbers that answers probes directly, with its true derivatives, for tests of generators. */
import type { LoadedModel, Probe, Projection } from "../../engine/port.ts";
import { detailOf } from "./_fake_detail.ts";
import { EARLY, FakeLayers, FEATURES, type Pass } from "./fake_layers.ts";
import { randomArray, randomNumbers } from "./_fake_random.ts";
import { vary } from "./_fake_variation.ts";
import type { Attribution, GoodRow, MapTile, MethodContext, RawMap } from "../method.ts";

export { randomNumbers };

/** What a fake network looks like. */
export interface FakeNetworkOptions {
  /** At least 4 px each. */
  readonly width: number;
  readonly height: number;
  readonly classes?: number;
  readonly seed?: number;
  /** With biases a grey picture has logits of its own; by default there are none. */
  readonly biases?: boolean;
  /**
   * `[2, 2]` numbers that stand for the projection of every class, less the class's index; null for a network
   * with another head; by default the projection of its own features.
   */
  readonly projection?: readonly number[] | null;
}

/** Three layers with ReLU6 and ReLU between them, so that neighbouring windows do not simply add up. */
export class FakeNetwork {
  readonly model: LoadedModel;
  readonly layers: FakeLayers;
  readonly #projection: readonly number[] | null | undefined;

  constructor(
    { width, height, classes = 3, seed = 1, biases = false, projection }: FakeNetworkOptions,
  ) {
    this.layers = new FakeLayers({ height, width, classes, seed, biases });
    this.#projection = projection;
    this.model = {
      id: "fake",
      name: "Fake",
      width,
      height,
      defaultLayer: "features",
      classes,
      knows: `${classes} classes`,
      tries: [],
      labels: Array.from({ length: classes }, (_, index) => `class ${index}, number ${index}`),
      layers: [
        { name: "input", kind: "InputLayer", shape: [height, width, 3], inputs: [] },
        { name: "early", kind: "ReLU", shape: [EARLY.side, EARLY.side, EARLY.channels], inputs: ["input"] },
        {
          name: "features",
          kind: "ReLU",
          shape: [FEATURES.side, FEATURES.side, FEATURES.channels],
          inputs: ["early"],
        },
        { name: "logits", kind: "Dense", shape: [classes], inputs: ["features"] },
      ],
      projectionLayer: projection === null ? null : "features",
      normalisation: { mean: [128, 128, 128], scale: [64, 64, 64] },
      about: { description: "", source: {}, licence: {}, layers: 0, parameters: 0, multiplyAdds: 0 },
    };
  }

  /** A frame's input, `[height, width, 3]`, −1…1. */
  picture(frame: number): Float64Array {
    return randomArray(randomNumbers(frame + 1000), this.model.width * this.model.height * 3, 1);
  }

  /** Every value of one forward over `[height, width, 3]`. */
  forward(picture: Float64Array, randomHead?: number): Pass {
    return this.layers.forward(picture, this.layers.head(randomHead));
  }

  /** Answers one probe. */
  answer({ frame, variation, want, randomHead }: Probe): GoodRow {
    const pass = this.forward(vary(this.picture(frame), variation, this.model), randomHead);
    return {
      ok: true,
      logits: Float32Array.from(pass.logits),
      projection: want.kind === "projection" ? this.#projected(pass) : null,
      detail: detailOf({ layers: this.layers, pass, size: this.model }, want),
    };
  }

  /** Of every class, in the order of the indexes. */
  #projected({ features, head }: Pass): Projection | null {
    if (this.#projection === null) return null;
    const { side, channels } = FEATURES;
    const classes = Array.from({ length: this.model.classes }, (_, index) => index);
    const given = this.#projection;
    const values = classes.flatMap((c) =>
      given?.map((value) => value - c) ??
        Array.from({ length: side ** 2 }, (_, cell) =>
          head.kernel.filter((_, at) =>
            at % classes.length === c
          ).reduce(
            (sum, weight, k) => sum + weight * (features.after[cell * channels + k] ?? 0),
            0,
          ))
    );
    return { classes, height: side, width: side, values: Float32Array.from(values) };
  }
}

/** A context with everything that a test does not care about filled in. */
export function contextOf(
  network: Pick<FakeNetwork, "model">,
  some: Partial<MethodContext> = {},
): MethodContext {
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
export function runCourse(
  network: Pick<FakeNetwork, "answer">,
  attribution: Attribution,
  maxGroups = Infinity,
): Course {
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
