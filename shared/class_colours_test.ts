import assert from "node:assert/strict";
import { CLASS_COLOURS, colourOf, hue, mixed } from "./class_colours.ts";

type Rgb = readonly [number, number, number];

/** Linear light of a colour, 0…1 each. */
function linear(colour: string): Rgb {
  const channel = (at: number) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

/** Simulation of missing cones at full severity: Machado, Oliveira and Fernandes, 2009. */
const VISIONS: ReadonlyMap<string, readonly Rgb[]> = new Map([
  ["all cones", [[1, 0, 0], [0, 1, 0], [0, 0, 1]]],
  ["protanopia", [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [
    -0.003882,
    -0.048116,
    1.051998,
  ]]],
  ["deuteranopia", [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [
    -0.01182,
    0.04294,
    0.968881,
  ]]],
  ["tritanopia", [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [
    0.004733,
    0.691367,
    0.3039,
  ]]],
]);

/** A colour in OKLab, where distances are about as large as they look (Ottosson, 2020). */
function oklab([r, g, b]: Rgb): Rgb {
  const root = (value: number) => Math.cbrt(Math.max(0, value));
  const l = root(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = root(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = root(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function seenBy(matrix: readonly Rgb[], colour: string): Rgb {
  const [r, g, b] = linear(colour);
  const [x = 0, y = 0, z = 0] = matrix.map(([p, q, s]) => Math.min(1, Math.max(0, p * r + q * g + s * b)));
  return oklab([x, y, z]);
}

function luminance(colour: string): number {
  const [r, g, b] = linear(colour);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** Just noticeable is about 0.02; areas beside each other are told apart well from here on. */
const APART = 0.08;

Deno.test("the classes' colours are told apart with every kind of colour vision, in both themes", () => {
  const close: string[] = [];
  for (const theme of ["light", "dark"] as const) {
    for (const [vision, matrix] of VISIONS) {
      const seen = CLASS_COLOURS.map((colour) => seenBy(matrix, colour[theme]));
      for (const [i, a] of seen.entries()) {
        for (const [j, b] of seen.entries()) {
          const distance = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
          if (j > i && distance < APART) {
            close.push(`${theme}, ${vision}: ${i} and ${j}, ${distance.toFixed(3)}`);
          }
        }
      }
    }
  }
  assert.deepEqual(close, []);
});

Deno.test("every class's colour stands out from the surfaces by 3:1", () => {
  const weak = CLASS_COLOURS.flatMap(({ light, dark }) => [
    ...(contrast(light, "#ffffff") < 3 ? [light] : []),
    ...(contrast(dark, "#16191c") < 3 ? [dark] : []),
  ]);
  assert.deepEqual(weak, []);
});

Deno.test("more classes than colours begin again, and a class has its colour in both themes", () => {
  assert.equal(colourOf(CLASS_COLOURS.length + 1), CLASS_COLOURS[1]);
  assert.deepEqual(hue(0), { "--hue": "light-dark(#0b63a5, #5aa9ea)" });
});

Deno.test("mixed() goes from the second colour to the first", () => {
  assert.deepEqual([0, 0.5, 1].map((share) => mixed("#ff0000", "#0000ff", share)), [
    "#0000ff",
    "#800080",
    "#ff0000",
  ]);
});
