/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { colormap } from "../../shared/colormaps.ts";
import { Shader, type Shading } from "./shade.ts";

const VIRIDIS: Shading = { colormap: "viridis", range: { low: 0, high: 2 }, signed: false, floor: 0 };

function shade(values: number[], weights: number[] | null, shading: Shading): number[][] {
  const side = Math.sqrt(values.length);
  const pixels = new Uint32Array(side * side);
  const plane = { height: side, width: side, values: new Float32Array(values) };
  new Shader(side).shade(plane, weights === null ? null : new Float32Array(weights), shading, pixels);
  return [...pixels].map((_, at) => [...new Uint8Array(pixels.buffer, at * 4, 4)]);
}

Deno.test("Shader gives alpha in proportion to the evidence and full colour at the scale", () => {
  const [none, half, full, over] = shade([0, 1, 2, 9], null, VIRIDIS);
  assert.equal(none?.[3], 0);
  assert.ok(Math.abs((half?.[3] ?? 0) - 128) <= 1);
  assert.deepEqual(full, [...colormap("viridis").subarray(765), 255]);
  assert.deepEqual(over, full);
});

Deno.test("Shader draws nothing for negative values of an unsigned map", () => {
  assert.ok(shade([-1, -5, 0, -0.1], null, VIRIDIS).every((pixel) => pixel[3] === 0));
});

Deno.test("Shader draws both signs of a signed map, blue below and red above zero", () => {
  const pixels = shade([-2, 2, 0, 0], null, {
    ...VIRIDIS,
    colormap: "diverging",
    signed: true,
    range: { low: -2, high: 2 },
  });
  assert.equal(pixels[0]?.[3], 255);
  assert.equal(pixels[1]?.[3], 255);
  assert.ok((pixels[2]?.[3] ?? 255) <= 1);
  assert.ok((pixels[0]?.[2] ?? 0) > (pixels[0]?.[0] ?? 0), "negative is blue");
  assert.ok((pixels[1]?.[0] ?? 0) > (pixels[1]?.[2] ?? 0), "positive is red");
});

Deno.test("Shader makes a fading cell transparent without changing its colour", () => {
  const [whole, half, gone, unknown] = shade([2, 2, 2, Number.NaN], [1, 0.5, 0, 0], VIRIDIS);
  assert.deepEqual(half?.slice(0, 3), whole?.slice(0, 3));
  assert.ok(Math.abs((half?.[3] ?? 0) - 128) <= 1);
  assert.equal(gone?.[3], 0);
  assert.equal(unknown?.[3], 0);
});

Deno.test("Shader leaves out what lies below the floor", () => {
  const [low, high] = shade([0.3, 2, 0, 0], null, { ...VIRIDIS, floor: 0.2 });
  assert.equal(low?.[3], 0);
  assert.equal(high?.[3], 255);
});

Deno.test("T6: Shader paints a picture in its own colours, opaque, enlarged like any map", () => {
  const pixels = new Uint32Array(16);
  const rgb = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 8, 8, 8);
  new Shader(4).paint({ height: 2, width: 2, rgb }, pixels);
  const at = (place: number) => [...new Uint8Array(pixels.buffer, place * 4, 4)];
  assert.deepEqual(at(0), [255, 0, 0, 255]);
  assert.deepEqual(at(3), [0, 255, 0, 255]);
  assert.deepEqual(at(12), [0, 0, 255, 255]);
  assert.deepEqual(at(1), [191, 64, 0, 255]);
});
