import assert from "node:assert/strict";
import { FilmPictures } from "./film_picture.ts";
import { fakeMap, type FakeMapOptions } from "./testing/fake_explained.ts";

const INPUT = { width: 4, height: 4 };

/** A grey frame of 12 × 8 with a map over its middle; gives its pixels. */
function draw(values: readonly number[], high: number | null, options?: FakeMapOptions) {
  const frame = { width: 12, height: 8, rgb: new Uint8Array(288).fill(100) };
  const range = high === null ? null : { low: options?.signed === true ? -high : 0, high };
  new FilmPictures().draw(frame, fakeMap(values, options), { input: INPUT, range });
  return (
    row: number,
    column: number,
  ) => [...frame.rgb.subarray(3 * (row * 12 + column), 3 * (row * 12 + column) + 3)];
}

Deno.test("FilmPictures dims what the network does not see, and outlines what it sees", () => {
  const at = draw([0, 0, 0, 0], null);
  assert.deepEqual([at(0, 0), at(7, 11), at(3, 0)], [[42, 42, 42], [42, 42, 42], [42, 42, 42]]);
  assert.deepEqual([at(0, 2), at(7, 9)], [at(3, 1), at(3, 1)].map(() => [100, 100, 100]));
  assert.ok((at(3, 1)[0] ?? 0) > 150 && (at(3, 10)[0] ?? 0) > 150);
});

Deno.test("FilmPictures colours strong places on the scale that it is given", () => {
  const strong = draw([0, 0, 0, 1], 1)(7, 9);
  const weak = draw([0, 0, 0, 1], 10)(7, 9);
  assert.ok((strong[0] ?? 0) > 150 && (strong[1] ?? 0) > 150 && (strong[2] ?? 255) < 80, String(strong));
  assert.ok((weak[0] ?? 0) < (strong[0] ?? 0));
  const against = draw([-1, 0, 0, 1], 1, { signed: true })(0, 2);
  assert.ok((against[2] ?? 0) > (against[0] ?? 0), String(against));
});

Deno.test("FilmPictures shows a picture of the network by itself", () => {
  const rgb = Uint8Array.from({ length: 12 }, (_, index) => index);
  const at = draw([0, 0, 0, 1], 1, { rgb });
  assert.deepEqual([at(0, 2), at(7, 9)], [[0, 1, 2], [9, 10, 11]]);
});
