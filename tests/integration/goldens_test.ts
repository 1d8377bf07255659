/** Every deterministic method with the real engine, held to the maps of tests/reference. */
import assert from "node:assert/strict";
import {
  drive,
  driveTrust,
  explainFrame,
  METHODS,
  offerOf,
  type RawMap,
  resolveRequest,
  type TrustReport,
} from "../../server/methods/mod.ts";
import {
  correlation,
  GOLDEN_PHOTOS,
  type GoldenMap,
  type GoldenTrust,
  type GoldenValues,
  readGolden,
  readGoldenMap,
} from "../support/goldens.ts";
import { computingOnce, openShipped } from "../support/shipped_engine.ts";

/** How closely a map has to follow its reference. */
interface Tolerance {
  /** Smallest Pearson correlation. */
  readonly correlation: number;
  /** Largest difference of a value, as a share of the reference's range. */
  readonly difference: number;
  /** Largest distance from 1 of the ratio of both maps' sizes (root mean squares). */
  readonly size: number;
}

/** Sums over a layer, and windows: what float32 in another order leaves. */
const CLOSE: Tolerance = { correlation: 0.9999, difference: 1e-3, size: 1e-3 };

/**
 * Gradients at the input: one activation that rounds to the other side of its bend changes the gradient of every pixel
 * that it sees. So single pixels may miss by far more than the map as a whole; PyTorch in float32 misses PyTorch in
 * float64 by up to 0.07 of the range on these photos, with a correlation of 0.9998.
 */
const GRADIENT: Tolerance = { correlation: 0.999, difference: 0.1, size: 0.01 };

const TOLERANCES: Readonly<Record<string, Tolerance>> = {
  "cam": CLOSE,
  "grad-cam": CLOSE,
  "grad-cam-gated": CLOSE,
  "grad-cam++": CLOSE,
  "xgrad-cam": CLOSE,
  "hirescam": CLOSE,
  "layercam": CLOSE,
  "eigen-cam": CLOSE,
  "finer-cam": CLOSE,
  "score-cam": CLOSE,
  "occlusion": CLOSE,
  "saliency": GRADIENT,
  "gradient-x-input": GRADIENT,
  "smoothgrad": GRADIENT,
  "integrated-gradients": GRADIENT,
  "guided-backprop": GRADIENT,
  "guided-grad-cam": GRADIENT,
  "fullgrad": GRADIENT,
  "rise": CLOSE,
  "cnn-fixations": CLOSE,
  "activations": CLOSE,
};

/**
 * Largest difference of a probability, and of an area under a curve of them. Where two pixels of a map are equal but for
 * rounding, another one of them is taken away first: a map that is changed by 2e-7 moves PyTorch's own steps by 0.002.
 */
const STEP_GAP = 1e-2;
const AREA_GAP = 1e-3;

/** A search has no definition to the last digit. */
const WITHOUT_REFERENCE = ["feature-visualization"];

Deno.test("every method has a reference", async () => {
  const { maps } = await readGolden("coffee");
  const { maps: ofTransformer } = await readGolden("transformer/class");
  const held = new Set([...maps, ...ofTransformer].map(({ method }) => method));
  const left = METHODS.map(({ id }) => id).filter((id) => !WITHOUT_REFERENCE.includes(id));
  assert.deepEqual([...held].sort(), left.sort());
});

Deno.test("maps and trust meters agree with PyTorch", async (t) => {
  const engine = await openShipped();
  for (const [frame, photo] of GOLDEN_PHOTOS.entries()) {
    // Its classes are explained by the same windows and masks.
    const rows = computingOnce(engine);
    await engine.admit(frame, "png", await Deno.readFile(`tests/fixtures/photos/${photo}.png`));
    const { maps, trust } = await readGolden(photo);
    const explain = async (asked: Pick<GoldenMap, "method" | "class" | "layer" | "options">) => {
      const request = resolveRequest(engine.model, {
        method: asked.method,
        target: { kind: "class", index: asked.class },
        options: asked.options,
        ...(asked.layer === null ? {} : { layer: asked.layer }),
      });
      const context = { ...request, frame, model: engine.model, carry: new Map(), still: true };
      const map = await drive(rows, explainFrame(request.method, context));
      return { ...request, context, map };
    };
    const computed: ComputedMap[] = [];
    for (const golden of maps) {
      await t.step(golden.file.replace(/\.npy$/, ""), async () => {
        const { map } = await explain(golden);
        computed.push({ ...golden, map });
        holds(map, golden, await readGoldenMap(golden.file));
      });
    }
    await t.step(`V5: methods that give the same map of ${photo} by definition, and no others`, () => {
      const { sameMaps: [same] } = offerOf(engine.model);
      assert.ok(same !== undefined);
      assert.deepEqual(alike(computed, same.layer), new Set([...same.methods, ...same.signed]));
      assert.deepEqual(alike(computed, "block10_add"), new Set(["grad-cam"]));
    });
    for (const golden of trust) {
      await t.step(`trust meters of ${photo}-${golden.method}-${golden.class}`, async () => {
        const { method, context, map } = await explain({ ...golden, layer: null, options: {} });
        // PyTorch's meters stretch the map over the input, as if its cells tiled it.
        const { extent: _extent, ...tiled } = map;
        trusts(await driveTrust(rows, method, context, tiled), golden);
      });
    }
    engine.release(frame);
  }
  await engine.close();
});

/** A map as it was computed here. */
type ComputedMap = Pick<GoldenMap, "method" | "class" | "layer" | "options"> & { readonly map: RawMap };

/** Methods whose maps of a layer show what Grad-CAM's show, up to their size and what a ReLU leaves out, for every class. */
function alike(all: readonly ComputedMap[], layer: string): ReadonlySet<string> {
  const maps = all.filter((one) => one.layer === layer && Object.keys(one.options).length === 0);
  const first = maps.filter(({ method }) => method === "grad-cam");
  assert.ok(first.length > 1);
  const gaps = maps.map(({ method, class: index, map }) => {
    const other = first.find((one) => one.class === index) ?? assert.fail(`no Grad-CAM of class ${index}`);
    if (map.values.length !== other.map.values.length) return { method, gap: 1 };
    return { method, gap: largestGap(shares(map.values), shares(other.map.values)) };
  });
  // Nothing lies between what rounding leaves and what is another map.
  for (const { method, gap } of gaps) assert.ok(gap < 1e-4 || gap > 1e-2, `${method} at ${layer}: ${gap}`);
  return new Set(
    gaps.map(({ method }) => method).filter((id) =>
      gaps.every(({ method, gap }) => method !== id || gap < 1e-4)
    ),
  );
}

/** What a map has for the class, as shares of its largest value. */
function shares(values: Float32Array): Float32Array {
  const largest = Math.max(...values);
  assert.ok(largest > 0);
  return values.map((value) => Math.max(0, value) / largest);
}

function trusts(report: TrustReport, golden: GoldenTrust): void {
  for (const name of ["deletion", "insertion"] as const) {
    const [reached, wanted] = [report[name], golden[name]];
    assert.equal(reached.probabilities.length, wanted.probabilities.length);
    assert.ok(
      largestGap(reached.probabilities, wanted.probabilities) < STEP_GAP &&
        Math.abs(reached.auc - wanted.auc) < AREA_GAP,
      `${name} is ${JSON.stringify(reached)} instead of ${JSON.stringify(wanted)}`,
    );
  }
  assert.ok(Math.abs(report.averageDrop - golden.averageDrop) < AREA_GAP);
  assert.equal(report.increased, golden.increased);
}

function holds(map: RawMap, { method, class: classIndex, layer }: GoldenMap, reference: GoldenValues): void {
  assert.deepEqual([map.height, map.width], reference.shape);
  assert.equal(map.classIndex, classIndex);
  if (layer !== null) assert.equal(map.layer, layer);
  const tolerance = TOLERANCES[method] ?? assert.fail(`no tolerance is named for ${method}`);
  const reached = {
    correlation: correlation(map.values, reference.values),
    difference: largestGap(map.values, reference.values) / rangeOf(reference.values),
    size: Math.abs(rootMeanSquare(map.values) / rootMeanSquare(reference.values) - 1),
  };
  assert.ok(
    reached.correlation >= tolerance.correlation && reached.difference <= tolerance.difference &&
      reached.size <= tolerance.size,
    `the map is too far from its reference: ${JSON.stringify(reached)}`,
  );
}

function largestGap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((most, value, at) => Math.max(most, Math.abs(value - (b[at] ?? NaN))), 0);
}

function rangeOf(values: Float64Array): number {
  return Math.max(...values) - Math.min(...values);
}

function rootMeanSquare(values: Float32Array | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value ** 2;
  return Math.sqrt(sum / values.length);
}
