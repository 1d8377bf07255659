import assert from "node:assert/strict";
import { Ascent, type AscentOptions } from "./_ascent.ts";
import { InputPictures } from "../rows/input_picture.ts";
import { normOf, pyramidDirection } from "./_pyramid.ts";
import { assertClose, enlarge } from "../testing/gradient_cases.ts";
import { totalVariationGradient } from "./_total_variation.ts";
import { randomNumbers } from "../../engine/testing/random_numbers.ts";

const SIZE = { height: 12, width: 9 };
const LENGTH = 12 * 9 * 3;
const MODEL = { ...SIZE, normalisation: { mean: [100, 120, 140], scale: [50, 60, 70] } } as const;
const OPTIONS: AscentOptions = {
  seed: 3,
  steps: 40,
  rate: 0.02,
  decay: 0,
  jitter: 0,
  rotation: 0,
  parametrisation: "pixels",
};

function noise(seed: number): Float32Array {
  const random = randomNumbers(seed);
  return Float32Array.from({ length: LENGTH }, () => 2 * random() - 1);
}

function totalVariation(input: Float32Array): number {
  let sum = 0;
  for (let row = 0; row < 12; row++) {
    for (let column = 0; column < 9; column++) {
      for (let colour = 0; colour < 3; colour++) {
        const value = (y: number, x: number) => input[(y * 9 + x) * 3 + colour] ?? NaN;
        const right = column < 8 ? value(row, column + 1) - value(row, column) : 0;
        const down = row < 11 ? value(row + 1, column) - value(row, column) : 0;
        sum += Math.sqrt(right ** 2 + down ** 2 + 1e-6);
      }
    }
  }
  return sum;
}

Deno.test("totalVariationGradient() equals finite differences", () => {
  const input = noise(1);
  const gradient = totalVariationGradient(input, SIZE);
  for (const at of [0, 1, 26, 100, 160, LENGTH - 27, LENGTH - 1]) {
    const [more, less] = [input.slice(), input.slice()];
    more[at] = (input[at] ?? 0) + 0.01;
    less[at] = (input[at] ?? 0) - 0.01;
    const difference = (totalVariation(more) - totalVariation(less)) / 0.02;
    assert.ok(
      Math.abs(difference - (gradient[at] ?? NaN)) < 0.01,
      `${at}: ${difference} and ${gradient[at]}`,
    );
  }
});

Deno.test("pyramidDirection() adds up a step of length 1 of each level's coefficients", () => {
  const gradient = noise(2);
  const wanted = new Float64Array(LENGTH);
  for (const level of [0, 1, 2, 3, 4]) {
    const [height, width] = [Math.ceil(12 / 2 ** level), Math.ceil(9 / 2 ** level)];
    // The coefficient's gradient: how the gradient's product grows with one coefficient, by its enlarged picture.
    const enlarged = Array.from({ length: height * width }, (_, cell) => {
      const values = new Float32Array(height * width);
      values[cell] = 1;
      return enlarge({ height, width, values }, SIZE);
    });
    const coefficients = enlarged.map((picture) =>
      [0, 1, 2].map((colour) =>
        picture.reduce((sum, share, px) => sum + share * (gradient[px * 3 + colour] ?? NaN), 0)
      )
    );
    const shown = Array.from({ length: LENGTH }, (_, at) =>
      enlarged.reduce(
        (sum, picture, cell) =>
          sum + (picture[Math.floor(at / 3)] ?? NaN) * (coefficients[cell]?.[at % 3] ?? NaN),
        0,
      ));
    const norm = Math.hypot(...shown);
    for (const [at, value] of shown.entries()) wanted[at] = (wanted[at] ?? 0) + value / norm;
  }
  assertClose(pyramidDirection(gradient, SIZE), wanted, 1e-4);
});

Deno.test("pyramidDirection() of no gradient is no direction", () => {
  assert.equal(normOf(pyramidDirection(new Float32Array(LENGTH), SIZE)), 0);
});

Deno.test("InputPictures makes a picture of an input and back, in either order of the colours", () => {
  for (const order of ["rgb", "bgr"] as const) {
    const pictures = new InputPictures({ normalisation: { ...MODEL.normalisation, order } });
    const input = pictures.normalise(Float32Array.of(10, 20, 30, 250, 0, 255));
    assertClose(
      input,
      order === "rgb"
        ? [-90 / 50, -100 / 60, -110 / 70, 3, -2, 115 / 70]
        : [-130 / 70, -100 / 60, -70 / 50, 110 / 70, -2, 155 / 50],
    );
    assert.deepEqual(
      [...pictures.rgb(input)],
      order === "rgb" ? [10, 20, 30, 250, 0, 255] : [30, 20, 10, 255, 0, 250],
    );
  }
});

Deno.test("InputPictures.clip() keeps what can be a picture and takes the rest to its edge", () => {
  const pictures = new InputPictures(MODEL);
  const clipped = pictures.clip(Float32Array.of(-9, 0, 9));
  assert.deepEqual([...pictures.rgb(clipped)], [0, 120, 255]);
  assertClose(clipped, [-2, 0, 115 / 70]);
});

/** Takes all steps against the gradient of a score. */
function climb(options: Partial<AscentOptions>, gradientAt: (input: Float32Array) => Float32Array): Ascent {
  const ascent = new Ascent(MODEL, { ...OPTIONS, ...options });
  while (!ascent.finished) ascent.take(1, gradientAt(ascent.asked));
  return ascent;
}

Deno.test("Ascent starts at grey with a little noise that the seed decides", () => {
  const [first, again, other] = [3, 3, 4].map((seed) => new Ascent(MODEL, { ...OPTIONS, seed }));
  assert.deepEqual(first?.input, again?.input);
  assert.notDeepEqual(first?.input, other?.input);
  const rgb = new InputPictures(MODEL).rgb(first?.input ?? new Float32Array());
  const mean = rgb.reduce((sum, value) => sum + value, 0) / rgb.length;
  assert.ok(Math.abs(mean - 128) < 3);
});

Deno.test("Ascent takes steps of the same length along the gradient, whatever its size", () => {
  const gradient = noise(7);
  const [small, large] = [1e-6, 1e6].map((size) => {
    const ascent = new Ascent(MODEL, OPTIONS);
    const before = ascent.input;
    ascent.take(1, gradient.map((value) => value * size));
    return ascent.input.map((value, at) => value - (before[at] ?? NaN));
  });
  const ranges = [255 / 50, 255 / 60, 255 / 70];
  const norm = normOf(gradient);
  const wanted = gradient.map((value, at) =>
    0.02 * Math.sqrt(LENGTH) * (ranges[at % 3] ?? NaN) * value / norm
  );
  assertClose(small ?? [], wanted, 1e-4);
  assertClose(large ?? [], wanted, 1e-4);
});

Deno.test("Ascent reaches the top of a score that can be reached, in pixels and in a pyramid", () => {
  const pictures = new InputPictures(MODEL);
  const top = pictures.normalise(
    Float32Array.from({ length: LENGTH }, (_, at) => at < LENGTH / 2 ? 60 : 200),
  );
  const away = (input: Float32Array) => normOf(input.map((value, at) => value - (top[at] ?? NaN)));
  for (const parametrisation of ["pixels", "pyramid"] as const) {
    const options = { parametrisation, jitter: 1, rotation: 2 };
    const start = new Ascent(MODEL, { ...OPTIONS, ...options });
    const end = climb(options, (input) => input.map((value, at) => (top[at] ?? NaN) - value));
    assert.ok(away(end.input) < 0.4 * away(start.input), `${away(end.input)} of ${away(start.input)}`);
  }
});

Deno.test("Ascent stays within what can be a picture", () => {
  const { input } = climb({ rate: 1, steps: 3 }, () => noise(8));
  assert.deepEqual(new InputPictures(MODEL).clip(input), input);
  assert.ok(input.every(Number.isFinite));
});

Deno.test("Ascent without a gradient fades and smooths by its decay, and stays where it is without one", () => {
  const nothing = () => new Float32Array(LENGTH);
  assert.deepEqual(climb({}, nothing).input, new Ascent(MODEL, OPTIONS).input);
  const faded = climb({ decay: 0.1, rate: 0.001 }, nothing).input;
  assert.ok(totalVariation(faded) < totalVariation(new Ascent(MODEL, OPTIONS).input));
});

Deno.test("Ascent asks at moved inputs that the seed decides, another one for each step", () => {
  const options = { ...OPTIONS, jitter: 3, rotation: 5 };
  const asked = (seed: number) => {
    const ascent = new Ascent(MODEL, { ...options, seed });
    const first = ascent.asked;
    ascent.take(1, new Float32Array(LENGTH));
    return [first, ascent.asked];
  };
  assert.deepEqual(asked(1), asked(1));
  const [first, second] = asked(1);
  assert.notDeepEqual(first, second);
});

Deno.test("Ascent asks for redirected gradients in its first 16 steps, then for plain ones", () => {
  const ascent = new Ascent(MODEL, OPTIONS);
  const rules: string[] = [];
  while (!ascent.finished) {
    rules.push(ascent.rule);
    ascent.take(1, noise(1));
  }
  assert.deepEqual(rules, [...Array(16).fill("redirected"), ...Array(24).fill("plain")]);
  assert.equal(ascent.silent, false);
});

Deno.test("Ascent begins again from the next seed while its score stays 0, and ends once none of five wakes it", () => {
  const ascent = new Ascent(MODEL, { ...OPTIONS, steps: 200 });
  const starts = new Set<string>();
  for (let step = 0; !ascent.finished; step++) {
    assert.equal(ascent.rule, step % 20 < 16 ? "redirected" : "plain");
    if (step % 20 === 0) starts.add(JSON.stringify([...ascent.input]));
    ascent.take(0, noise(step));
  }
  assert.deepEqual([ascent.step, starts.size, ascent.silent], [100, 5, true]);
  const next = new Ascent(MODEL, { ...OPTIONS, seed: OPTIONS.seed + 1 });
  assert.ok(starts.has(JSON.stringify([...next.input])), "the second start is that of the next seed");
});

Deno.test("Ascent continues where a start wakes late, and is not silent for a score that falls to 0 again", () => {
  const ascent = new Ascent(MODEL, { ...OPTIONS, steps: 60 });
  while (!ascent.finished) ascent.take(ascent.step >= 30 && ascent.step < 50 ? 0.5 : 0, noise(ascent.step));
  assert.deepEqual([ascent.step, ascent.silent], [60, false]);
});
