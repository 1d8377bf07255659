import assert from "node:assert/strict";
import { COVER_CELLS, coverOf } from "./cover.ts";
import { MAP, SIDECAR, VIEW } from "./testing/small_sidecar.ts";
import { readSidecar, SidecarReader, SidecarVersionReader } from "./read_sidecar.ts";
import { MAX_MARKERS, MAX_SIDECAR_FRAMES } from "./sidecar.ts";

Deno.test("readSidecar() returns what was written", () => {
  assert.deepEqual(readSidecar(JSON.stringify(SIDECAR)), SIDECAR);
});

Deno.test("readSidecar() returns a view's cover as it was written, and refuses a damaged one", () => {
  const withCover = (cover: unknown) => JSON.stringify({ ...SIDECAR, views: [{ ...VIEW, cover }, VIEW] });
  const cover = coverOf(new Uint8Array(COVER_CELLS).fill(1, 40, 99), "neighbour");
  assert.deepEqual(readSidecar(withCover(cover)).views, [{ ...VIEW, cover }, VIEW]);
  for (const damaged of [{ ...cover, fill: "pink" }, { ...cover, cells: "AAAA" }, cover.cells, null]) {
    assert.throws(() => readSidecar(withCover(damaged)), { name: "RangeError", message: /'views/ });
  }
});

Deno.test("readSidecar() says which part of a foreign file does not fit", () => {
  const wrong: readonly (readonly [string, RegExp])[] = [
    ["no JSON", /expected a JSON object/],
    ["[]", /expected a JSON object/],
    [JSON.stringify({ ...SIDECAR, gradcast: 3 }), /'gradcast'/],
    [JSON.stringify({ ...SIDECAR, views: [VIEW] }), /'frames' does not fit, a view of the file/],
    [JSON.stringify({ ...SIDECAR, frames: [{ ...SIDECAR.frames[0], t: -1 }] }), /'frames.0.t'/],
    [
      JSON.stringify({ ...SIDECAR, frames: [{ ...SIDECAR.frames[0], map: { ...MAP, width: 9 } }] }),
      /'frames.0.map'/,
    ],
    [JSON.stringify({ ...SIDECAR, labels: { cup: "cup" } }), /'labels/],
  ];
  for (const [text, message] of wrong) {
    assert.throws(() => readSidecar(text), { name: "RangeError", message });
  }
});

Deno.test("readSidecar() reads the first version: one view and one scale for all frames", () => {
  const { views: _views, sharedNames: _sharedNames, frames, ...rest } = SIDECAR;
  const { name: _name, network: _network, unit: _unit, mirrored: _mirrored, picture: _picture, ...view } =
    VIEW;
  const text = (scale: number) =>
    JSON.stringify({
      ...{ ...rest, ...view, gradcast: 1, scale },
      frames: frames.map(({ view: _view, scale: _scale, ...frame }, place) => ({
        ...frame,
        frame: place === 0 ? null : frame.frame,
      })),
    });
  const read = readSidecar(text(3));
  assert.deepEqual(read.views, [{ ...VIEW, name: "grad-cam" }]);
  assert.deepEqual(read.frames.map(({ view, scale }) => [view, scale]), [
    [0, null],
    [0, { low: 0, high: 3 }],
    [0, { low: 0, high: 3 }],
    [0, { low: 0, high: 3 }],
  ]);
  assert.deepEqual(readSidecar(JSON.stringify(read)), read);
  assert.deepEqual(readSidecar(text(0)).frames.map(({ scale }) => scale), [null, null, null, null]);
});

Deno.test("readSidecar() takes members in any order, the version last", () => {
  assert.deepEqual(
    readSidecar(JSON.stringify(Object.fromEntries(Object.entries(SIDECAR).reverse()))),
    SIDECAR,
  );
});

Deno.test("readSidecar() refuses lists that are missing, of another kind, too long or given twice", () => {
  const { labels: _labels, ...nameless } = SIDECAR;
  const wrong: readonly (readonly [string, RegExp])[] = [
    [JSON.stringify(nameless), /'labels' does not fit, expected a table, got nothing/],
    [JSON.stringify({ ...SIDECAR, labels: [] }), /'labels' does not fit, expected a table, got a list/],
    [JSON.stringify({ ...SIDECAR, frames: {} }), /'frames' does not fit, expected a list, got a table/],
    [JSON.stringify({ ...SIDECAR, frames: 3 }), /'frames' does not fit, expected a list, got 3/],
    [
      JSON.stringify({ ...SIDECAR, markers: Array(MAX_MARKERS + 1).fill({ t: 0, name: "" }) }),
      /'markers' does not fit, expected at most 1000 entries/,
    ],
    [JSON.stringify(SIDECAR).replace("{", '{"markers":[],'), /'markers' is given twice/],
    [JSON.stringify({ ...SIDECAR, created: "x".repeat(20_000) }), /'created' has more than 16384 characters/],
    [
      JSON.stringify(SIDECAR).replace('"frames":[', '"frames":[[[[[[[[[['),
      /'frames' is nested deeper than 8/,
    ],
    [JSON.stringify(SIDECAR).slice(0, -1), /expected JSON/],
    [
      JSON.stringify({ frames: [] }),
      /'gradcast' does not fit, expected the version of the file, got none/,
    ],
  ];
  for (const [text, message] of wrong) {
    assert.throws(() => readSidecar(text), { name: "RangeError", message }, String(message));
  }
});

Deno.test("readSidecar() is not misled by names that every object has", () => {
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    const more = JSON.stringify(SIDECAR).replace("{", `{${JSON.stringify(name)}:{"t":1},`);
    assert.deepEqual(readSidecar(more), SIDECAR, "a member that nobody knows");
    const label = JSON.stringify(SIDECAR).replace('"labels":{', `"labels":{${JSON.stringify(name)}:"cup",`);
    assert.throws(() => readSidecar(label), { name: "RangeError", message: /'labels\./ });
  }
});

Deno.test("SidecarReader ends at the first entry that does not fit", () => {
  const reader = new SidecarReader(1, false);
  assert.throws(
    () => reader.push('{"gradcast":1,"frames":[{},'),
    /'frames\.0\.t' must be there, got nothing/,
  );
});

Deno.test("SidecarReader takes no more frames than a sidecar may have", () => {
  const reader = new SidecarReader(2, false);
  const frame = `${JSON.stringify(SIDECAR.frames[1])},`;
  reader.push('{"gradcast":2,"frames":[');
  for (let count = 0; count < MAX_SIDECAR_FRAMES; count++) reader.push(frame);
  assert.throws(() => reader.push(frame), /'frames' does not fit, expected at most 108000 entries/);
});

Deno.test("SidecarVersionReader says the version as soon as it has come", () => {
  const finder = new SidecarVersionReader();
  assert.equal(finder.push('{"gradcast":'), null);
  assert.equal(finder.push("1"), null, "more digits may follow");
  assert.equal(finder.push(',"frames":['), 1);
});

Deno.test("readSidecar() reads which model each view is of, and the names of its classes", () => {
  const other = { id: "cats", name: "Cats", sha256: "a".repeat(64) };
  const [first, second] = SIDECAR.views;
  const sidecar = {
    ...SIDECAR,
    views: [first, { ...second, model: other }],
    otherLabels: { "7@cats": "lynx" },
  };
  assert.deepEqual(readSidecar(JSON.stringify(sidecar)), sidecar);
  for (const otherLabels of [{ "7": "lynx" }, { "cats": "lynx" }, { "7@": "lynx" }, []]) {
    assert.throws(() => readSidecar(JSON.stringify({ ...SIDECAR, otherLabels })), /'otherLabels/u);
  }
});
