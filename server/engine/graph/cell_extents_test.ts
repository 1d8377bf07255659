import assert from "node:assert/strict";
import type { MapExtent } from "../../../shared/map_extent.ts";
import { cellExtents } from "./cell_extents.ts";
import { ModelWriter } from "./testing/model_writer.ts";

/** Where a layer's cells lie, in pixels of the input: the centre of the first one, and from one to the next. */
function cells(
  write: (model: ModelWriter) => string,
  { side = 16, axis = 0 }: { side?: number; axis?: 0 | 1 } = {},
): readonly [first: number, step: number] | null {
  const model = new ModelWriter(1);
  model.input(side, side);
  const layer = write(model);
  model.add("GlobalAveragePooling2D", {}, [layer]);
  const logitsLayer = model.last;
  const graph = model.build(logitsLayer);
  const count = graph.nodes.find(({ name }) => name === layer)?.shape[axis] ?? assert.fail("no such layer");
  const extent: MapExtent | undefined = cellExtents(graph).get(layer);
  if (extent === undefined) return null;
  const [start, length] = axis === 0 ? [extent.top, extent.height] : [extent.left, extent.width];
  const step = length * side / count;
  return [round(start * side + step / 2), round(step)];
}

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

/** A kernel that weighs all of its window alike, or one place of it alone. */
function conv(model: ModelWriter, size: number, config: Record<string, unknown>, at?: number): string {
  const name = model.conv([size, size, 3, 3], { use_bias: false, ...config });
  const kernel = model.weights.get(`${name}/kernel`) ?? assert.fail("no kernel");
  for (const index of kernel.values.keys()) {
    const place = Math.floor(index / 9);
    kernel.values[index] = at === undefined || place === at ? 1 : 0;
  }
  return name;
}

Deno.test("cellExtents(): cells tile the input where nothing is padded or strided", () => {
  assert.deepEqual(cells((model) => conv(model, 1, {})), [0.5, 1]);
  assert.deepEqual(cells((model) => conv(model, 3, {})), [0.5, 1]);
});

Deno.test("cellExtents(): same padding puts the more zeros behind, valid padding none", () => {
  const strided = { strides: [2, 2] };
  // 16 px: one row of zeros behind; cell 0 sees pixels 0, 1, 2.
  assert.deepEqual(cells((model) => conv(model, 3, strided)), [1.5, 2]);
  // 15 px: one row on either side.
  assert.deepEqual(cells((model) => conv(model, 3, strided), { side: 15 }), [0.5, 2]);
  assert.deepEqual(cells((model) => conv(model, 5, strided)), [1.5, 2]);
  assert.deepEqual(cells((model) => conv(model, 5, { ...strided, padding: "valid" })), [2.5, 2]);
  assert.deepEqual(cells((model) => conv(model, 3, { padding: "valid", dilation_rate: [3, 3] })), [3.5, 1]);
});

Deno.test("cellExtents(): borders by numbers move the cells by what lies in front", () => {
  const pool = (before: number, behind: number) => (model: ModelWriter) =>
    model.operation("max-pool", {
      size: [3, 3],
      strides: [2, 2],
      padding: { rows: [before, behind], columns: [behind, before] },
    }, {});
  assert.deepEqual(cells(pool(1, 2)), [0.5, 2]);
  assert.deepEqual(cells(pool(2, 1)), [-0.5, 2]);
  assert.deepEqual(cells(pool(2, 1), { axis: 1 }), [0.5, 2]);
});

Deno.test("cellExtents(): a resized value lies where its positions say", () => {
  const resize =
    (size: number, positions: "half-pixel" | "align-corners" | "asymmetric") => (model: ModelWriter) =>
      model.operation("resize", { size: [size, size], interpolation: "bilinear", positions }, {});
  assert.deepEqual(cells(resize(8, "half-pixel")), [1, 2]);
  assert.deepEqual(cells(resize(31, "align-corners")), [0.5, 0.5]);
  assert.deepEqual(cells(resize(8, "asymmetric")), [0.5, 2]);
});

Deno.test("cellExtents(): a window with gaps looks at its middle, and spread cells lie closer", () => {
  const pool = (model: ModelWriter) =>
    model.operation("max-pool", { size: [3, 3], strides: [2, 2], dilations: [2, 2], padding: "valid" }, {});
  assert.deepEqual(cells(pool), [2.5, 2]);
  const spread = (model: ModelWriter) => model.operation("spread", { strides: [2, 4] }, {});
  assert.deepEqual(cells(spread), [0.5, 0.5]);
  assert.deepEqual(cells(spread, { axis: 1 }), [0.5, 0.25]);
});

Deno.test("cellExtents(): steps multiply and offsets grow with them", () => {
  const layer = (model: ModelWriter) => {
    conv(model, 3, { strides: [2, 2] });
    conv(model, 1, {});
    model.add("MaxPooling2D", { pool_size: [3, 3], strides: [2, 2], padding: "same" });
    return model.add("ReLU");
  };
  assert.deepEqual(cells(layer, { side: 32 }), [1.5 + 2, 4]);
});

Deno.test("cellExtents(): a cell lies where its weights look, in rows and columns by themselves", () => {
  const topRight = (model: ModelWriter) => conv(model, 3, {}, 2);
  assert.deepEqual(cells(topRight), [-0.5, 1]);
  assert.deepEqual(cells(topRight, { axis: 1 }), [1.5, 1]);
});

Deno.test("cellExtents(): padding, enlarging and merging keep their place", () => {
  assert.deepEqual(cells((model) => model.add("ZeroPadding2D", { padding: [[3, 1], [0, 0]] })), [-2.5, 1]);
  assert.deepEqual(
    cells((model) => {
      conv(model, 2, { strides: [2, 2], padding: "valid" });
      return model.add("UpSampling2D", { size: [2, 2], interpolation: "nearest" });
    }),
    [0.5, 1],
  );
  assert.deepEqual(
    cells((model) => {
      const plain = conv(model, 1, {});
      const shifted = conv(model, 3, {}, 0);
      return model.add("Add", {}, [plain, shifted]);
    }),
    [0, 1],
  );
});

Deno.test("cellExtents(): what has no rows and columns has no extent", () => {
  assert.equal(
    cells((model) => {
      model.add("Flatten");
      return model.add("Reshape", { target_shape: [16, 16, 3] });
    }),
    null,
  );
});
