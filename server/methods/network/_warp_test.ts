import assert from "node:assert/strict";
import { assertClose } from "../testing/gradient_cases.ts";
import { randomNumbers } from "../../engine/testing/random_numbers.ts";
import { Warp } from "./_warp.ts";

const SIZE = { height: 7, width: 9 };

function noise(seed: number): Float32Array {
  const random = randomNumbers(seed);
  return Float32Array.from({ length: 7 * 9 * 3 }, () => 2 * random() - 1);
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? NaN), 0);
}

Deno.test("Warp moves nothing without a movement", () => {
  const input = noise(1);
  assertClose(new Warp(SIZE, { degrees: 0, down: 0, right: 0 }).apply(input), input, 1e-6);
});

Deno.test("Warp shifts by whole pixels and mirrors at the border", () => {
  const input = noise(2);
  const moved = new Warp(SIZE, { degrees: 0, down: 2, right: -1 }).apply(input);
  const value = (row: number, column: number, colour: number) => input[(row * 9 + column) * 3 + colour];
  assert.equal(moved[(1 * 9 + 4) * 3 + 1], value(3, 3, 1));
  assert.equal(moved[(1 * 9 + 0) * 3 + 2], value(3, 0, 2));
  assert.equal(moved[(6 * 9 + 5) * 3], value(5, 4, 0));
});

Deno.test("Warp turns around the centre: a quarter turn of a square is exact", () => {
  const size = { height: 5, width: 5 };
  const input = Float32Array.from({ length: 75 }, (_, at) => at);
  const turned = new Warp(size, { degrees: 90, down: 0, right: 0 }).apply(input);
  const wanted = Array.from({ length: 75 }, (_, at) => {
    const [row, column, colour] = [Math.floor(at / 15), Math.floor(at / 3) % 5, at % 3];
    return ((4 - column) * 5 + row) * 3 + colour;
  });
  assertClose(turned, wanted, 1e-4);
});

Deno.test("Warp.transpose() is the transpose of Warp.apply()", () => {
  for (
    const movement of [
      { degrees: 0, down: 1, right: 3 },
      { degrees: 7, down: -2, right: 1 },
      { degrees: -31, down: 9, right: -12 },
    ]
  ) {
    const warp = new Warp(SIZE, movement);
    const [input, gradient] = [noise(3), noise(4)];
    const [there, back] = [dot(warp.apply(input), gradient), dot(input, warp.transpose(gradient))];
    assert.ok(Math.abs(there - back) < 1e-4, `${there} and ${back}`);
  }
});
