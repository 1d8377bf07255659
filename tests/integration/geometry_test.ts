/** Heat is drawn where the object is: through the real methods, the page's shader and the report's overlay. */
import assert from "node:assert/strict";
import { Shader } from "../../client/map/shade.ts";
import { buildGraph } from "../../server/engine/graph/build.ts";
import { cellExtents } from "../../server/engine/graph/cell_extents.ts";
import type { Probe } from "../../server/engine/mod.ts";
import { contextOf, runCourse } from "../../server/methods/testing/course.ts";
import { SmallNetwork } from "../../server/engine/testing/small_network.ts";
import { findMethod, type RawMap, resolveOptions } from "../../server/methods/mod.ts";
import { drawOverlay, scaleOf } from "../../server/report/mod.ts";
import { fakeMap } from "../../server/report/testing/fake_explained.ts";
import { largeMap, smallMap, smallMapJson } from "../../shared/small_map.ts";
import { GOLDEN_PHOTOS } from "../support/goldens.ts";
import { openShipped } from "../support/shipped_engine.ts";

const SIDES = [32, 96, 150, 224, 299];

/** Side of what the page's shader draws, in px: each pixel of the input shows. */
const DRAWN_PX = 299;

const occlusion = findMethod("occlusion");

/** A network that sees one square object, and loses it only where all of it is hidden. */
function occlude(
  side: number,
  options: Record<string, number>,
  object: { start: number; size: number },
): RawMap {
  const network = new SmallNetwork({ width: side, height: side });
  const { start, size } = object;
  const seen = {
    model: network.model,
    answer({ variation }: Probe) {
      const hidden = variation.kind === "fill" &&
        [variation.window.top, variation.window.left].every((from) =>
          from <= start && from + variation.window.height >= start + size
        );
      return {
        ok: true,
        logits: Float32Array.from({ length: network.model.classes }, (_, c) => c === 0 && !hidden ? 1 : 0),
        projection: null,
        detail: null,
      } as const;
    },
  };
  const context = contextOf(seen, {
    options: resolveOptions(network.model, occlusion, options),
    target: { kind: "class", index: 0 },
    still: true,
  });
  return runCourse(seen, occlusion.attribute(context)).map ?? assert.fail("no map");
}

/** Where the drawn heat lies, in pixels of the input: the middle of what is at least half as strong as the strongest. */
function middle(strengths: ArrayLike<number>, drawn: number, side: number): readonly [number, number] {
  const all = Array.from(strengths);
  const least = all.reduce((a, b) => Math.min(a, b));
  const most = all.reduce((a, b) => Math.max(a, b));
  const edges = (axis: 0 | 1) => {
    const strong = all.flatMap((strength, at) =>
      strength >= (least + most) / 2 ? [axis === 0 ? Math.floor(at / drawn) : at % drawn] : []
    );
    return (strong.reduce((a, b) => Math.min(a, b)) + strong.reduce((a, b) => Math.max(a, b)) + 1) / 2;
  };
  return [edges(0) * side / drawn, edges(1) * side / drawn];
}

/** The middle as the page draws it. */
function onPage(map: Pick<RawMap, "height" | "width" | "extent" | "values">, side: number) {
  const pixels = new Uint32Array(DRAWN_PX ** 2);
  const range = { low: 0, high: map.values.reduce((most, value) => Math.max(most, value), 0) };
  new Shader(DRAWN_PX).shade(map, null, { colormap: "viridis", range, signed: false, floor: 0 }, pixels);
  return middle(Array.from(pixels, (pixel) => pixel >>> 24), DRAWN_PX, side);
}

/** The middle as the report and the PNG draw it: the green of viridis rises with the evidence. */
function inReport(map: RawMap, side: number) {
  const explained = { ...fakeMap([0]), map };
  const picture = { width: side, height: side, rgb: new Uint8Array(3 * side ** 2) };
  const { width, rgb } = drawOverlay(picture, explained, scaleOf([explained]));
  return middle(Array.from({ length: width ** 2 }, (_, at) => rgb[3 * at + 1] ?? 0), width, side);
}

function near(drawn: readonly [number, number], centre: number, message: string): void {
  for (const [axis, at] of drawn.entries()) {
    assert.ok(Math.abs(at - centre) <= 1, `${message}, axis ${axis}: drawn at ${at} instead of ${centre} px`);
  }
}

Deno.test("occlusion is drawn within a pixel of the object, for windows and strides that divide the input or not", () => {
  // The report: window 100, stride 100 on 224 was drawn at 112.
  const cases: [side: number, options: Record<string, number>, index: number][] = [[224, {
    window: 100,
    stride: 100,
  }, 1]];
  for (const side of SIDES) {
    const window = Math.floor(side / 7);
    cases.push([side, {}, 2], [side, { window, stride: window }, 3]);
    cases.push([side, { window: 2 * window, stride: window }, 2]);
    cases.push([side, { window: Math.floor(side / 6), stride: Math.ceil(side / 10) }, 3]);
    cases.push([side, { window: 7, stride: 4 }, 3]);
    // A window of three strides wants more room: near the border fewer windows lie over a cell.
    if (side > 32) cases.push([side, { window: 13, stride: 5 }, 4]);
  }
  for (const [side, given, index] of cases) {
    const options = resolveOptions(new SmallNetwork({ width: side, height: side }).model, occlusion, given);
    const [size, stride] = [Number(options["window"]), Number(options["stride"])];
    const object = { start: index * stride, size };
    const map = occlude(side, given, object);
    const message = `side ${side}, window ${size}, stride ${stride}`;
    near(onPage(map, side), object.start + size / 2, `page: ${message}`);
    near(inReport(map, side), object.start + size / 2, `report: ${message}`);
    const kept = largeMap(smallMapJson(smallMap(map)));
    // What a log or a sidecar keeps may be coarser, but lies at the same place.
    const block = Math.ceil(map.height / kept.height) * stride;
    for (const at of onPage(kept, side)) {
      assert.ok(Math.abs(at - object.start - size / 2) <= Math.max(1, block / 2), `kept: ${message}`);
    }
  }
});

type Windows =
  readonly (readonly [kind: "Conv2D" | "MaxPooling2D", size: number, padding: "same" | "valid"])[];

/** Strides and paddings as networks have them, at sides that they do not divide; each step has a stride of 2. */
function networksFor(side: number): Readonly<Record<string, Windows>> {
  // Small inputs get fewer steps, so that three cells or more are left.
  const sizes = side < 64 ? [3, 5] : [3, 5, 3, 5];
  const mixed: Windows = [["Conv2D", 3, "valid"], ["MaxPooling2D", 3, "same"], ["Conv2D", 4, "same"]];
  return {
    same: sizes.map((size) => ["Conv2D", size, "same"]),
    valid: sizes.map((size) => ["Conv2D", size, "valid"]),
    mixed: side < 64 ? mixed.slice(1) : mixed,
  };
}

/** A network of these windows, each of which weighs all of its cells alike. */
function networkOf(windows: Windows, side: number) {
  const weights = new Map<string, { shape: number[]; values: Float32Array<ArrayBuffer> }>();
  const config: Record<string, unknown> = { batch_input_shape: [null, side, side, 3] };
  const layers = [{ name: "input", className: "InputLayer", config, inputs: [] as string[] }];
  for (const [at, [className, size, padding]] of windows.entries()) {
    const name = `step${at}`;
    const channels = weights.size === 0 ? 3 : 1;
    const own = className === "Conv2D"
      ? { use_bias: false, kernel_size: [size, size], filters: 1 }
      : { pool_size: [size, size] };
    if (className === "Conv2D") {
      const shape = [size, size, channels, 1];
      weights.set(`${name}/kernel`, { shape, values: new Float32Array(size * size * channels).fill(1) });
    }
    const inputs = [layers.at(-1)?.name ?? ""];
    layers.push({ name, className, config: { name, strides: [2, 2], padding, ...own }, inputs });
  }
  const layer = layers.at(-1)?.name ?? "";
  layers.push({
    name: "pool",
    className: "GlobalAveragePooling2D",
    config: { name: "pool" },
    inputs: [layer],
  });
  return { graph: buildGraph({ layers, weights, logitsLayer: "pool" }), layer };
}

Deno.test("a layer's map is drawn within a pixel of the object, for strides and paddings that divide the input or not", () => {
  for (const side of SIDES) {
    for (const [name, windows] of Object.entries(networksFor(side))) {
      const { graph, layer } = networkOf(windows, side);
      const extent = cellExtents(graph).get(layer) ?? assert.fail("no extent");
      const line = responses(windows, side, 0);
      const cells = line.length;
      // The object lies around the centre of a cell of the middle, so that the cells around it see it evenly.
      const centre = (extent.top + (Math.floor(cells / 2) + 0.5) * extent.height / cells) * side;
      const seen = responses(windows, side, centre);
      const values = Float32Array.from(
        { length: cells ** 2 },
        (_, at) => (seen[Math.floor(at / cells)] ?? 0) * (seen[at % cells] ?? 0),
      );
      near(onPage({ height: cells, width: cells, extent, values }, side), centre, `${name}, side ${side}`);
    }
  }
});

/** What windows that weigh evenly answer along an axis to 4 px around a centre: no centres, no extents. */
function responses(windows: Windows, side: number, centre: number): number[] {
  let values = Array.from(
    { length: side },
    (_, px) => Math.max(0, Math.min(px + 1, centre + 2) - Math.max(px, centre - 2)),
  );
  for (const [kind, size, padding] of windows) values = slide(values, size, padding, kind === "MaxPooling2D");
  return values;
}

function slide(values: number[], size: number, padding: string, isPool: boolean): number[] {
  const count = padding === "same"
    ? Math.ceil(values.length / 2)
    : Math.floor((values.length - size) / 2) + 1;
  const missing = padding === "same" ? Math.max(0, (count - 1) * 2 + size - values.length) : 0;
  return Array.from({ length: count }, (_, cell) => {
    const start = 2 * cell - Math.floor(missing / 2);
    const window = values.slice(Math.max(0, start), start + size);
    return isPool ? Math.max(...window) : window.reduce((a, b) => a + b, 0);
  });
}

Deno.test("the cells of the shipped model lie where hiding a part of the photo changes them", async () => {
  const engine = await openShipped();
  const { layers } = engine.model;
  const places = [64, 88, 112, 136, 160];
  for (const layer of ["block10_add", "head_relu6"]) {
    const { shape: [cells = 0], extent = assert.fail() } = layers.find(({ name }) => name === layer) ??
      assert.fail();
    const offsets: number[] = [];
    for (const [frame, photo] of GOLDEN_PHOTOS.entries()) {
      await engine.admit(frame, "png", await Deno.readFile(`tests/fixtures/photos/${photo}.png`));
      const values = async (variation: Probe["variation"]) => {
        const { rows: [row] } = await engine.run([{
          frame,
          variation,
          want: { kind: "layer", layer, score: null },
        }]);
        return row?.ok === true && row.detail?.kind === "layer" ? row.detail.activation : assert.fail();
      };
      const before = await values({ kind: "none" });
      for (const top of places) {
        const window = { top: top - 8, left: 104, height: 16, width: 16 };
        const after = await values({ kind: "fill", window, fill: "blur" });
        let [sum, weighted] = [0, 0];
        for (const [at, value] of after.values.entries()) {
          const change = (value - (before.values[at] ?? NaN)) ** 2;
          sum += change;
          weighted += change * (Math.floor(at / after.channels / cells) + 0.5);
        }
        offsets.push((extent.top + weighted / sum * extent.height / cells) * 224 - top);
      }
      engine.release(frame);
    }
    const mean = offsets.reduce((a, b) => a + b, 0) / offsets.length;
    assert.ok(Math.abs(mean) <= 1.5, `${layer}: ${mean} px beside what was hidden`);
  }
  await engine.close();
});
