import assert from "node:assert/strict";
import { tablesOfD3 } from "../tests/reference/d3_tables.ts";
import { colormap, COLORMAP_ENTRIES, COLORMAP_NAMES, isColormapName } from "./colormaps.ts";

function entry(name: (typeof COLORMAP_NAMES)[number], index: number): number[] {
  return [...colormap(name).subarray(index * 3, index * 3 + 3)];
}

Deno.test("colormap() gives 256 RGB entries for every name", () => {
  for (const name of COLORMAP_NAMES) assert.equal(colormap(name).length, COLORMAP_ENTRIES * 3);
});

Deno.test("colormap() holds what d3-scale-chromatic computes", () => {
  const tables = tablesOfD3();
  for (const name of COLORMAP_NAMES) assert.deepEqual(colormap(name), tables[name]);
});

Deno.test("colormap() holds the published end colours", () => {
  assert.deepEqual(entry("viridis", 0), [0x44, 0x01, 0x54]);
  assert.deepEqual(entry("viridis", 255), [0xfd, 0xe7, 0x25]);
  assert.deepEqual(entry("cividis", 0), [0, 32, 81]);
  assert.deepEqual(entry("cividis", 255), [253, 234, 69]);
  assert.deepEqual(entry("turbo", 0), [35, 23, 27]);
  assert.deepEqual(entry("turbo", 255), [144, 12, 0]);
});

Deno.test("colormap() makes the diverging map blue below zero, light at zero and red above", () => {
  const [lowRed = 0, , lowBlue = 0] = entry("diverging", 0);
  const [highRed = 0, , highBlue = 0] = entry("diverging", 255);
  assert.ok(lowBlue > lowRed + 40, "the low end is blue");
  assert.ok(highRed > highBlue + 40, "the high end is red");
  for (const channel of entry("diverging", 128)) assert.ok(channel > 225, `the middle is light: ${channel}`);
});

Deno.test("colormap() makes viridis and cividis rise in lightness all the way", () => {
  for (const name of ["viridis", "cividis"] as const) {
    let before = -1;
    for (let index = 0; index < COLORMAP_ENTRIES; index += 15) {
      const [red = 0, green = 0, blue = 0] = entry(name, index);
      const lightness = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      assert.ok(lightness > before, `${name} at ${index}`);
      before = lightness;
    }
  }
});

Deno.test("colormap() builds a table once", () => assert.equal(colormap("turbo"), colormap("turbo")));

Deno.test("isColormapName() knows no jet", () => {
  assert.ok(isColormapName("viridis"));
  assert.ok(!isColormapName("jet"));
});
