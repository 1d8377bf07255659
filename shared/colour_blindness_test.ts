/**
 * Colour maps as people with a colour-vision deficiency see them. Simulation: Machado, Oliveira and Fernandes 2009, "A
 * Physiologically-based Model for Simulation of Color Vision Deficiency", severity 1.0, on linear RGB. Lightness and
 * colour differences: CIE L*a*b*, D65.
 */
import assert from "node:assert/strict";
import { colormap, COLORMAP_ENTRIES, type ColormapName } from "./colormaps.ts";

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

const SIGHTS: Readonly<Record<string, Matrix>> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const WHITE: Triple = [0.95047, 1, 1.08883];
const TO_XYZ: Matrix = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];

function times([a, b, c]: Matrix, [x, y, z]: Triple): Triple {
  const row = ([p, q, r]: Triple) => p * x + q * y + r * z;
  return [row(a), row(b), row(c)];
}

const linear = (byte: number) => byte <= 10.31475 ? byte / 3294.6 : ((byte / 255 + 0.055) / 1.055) ** 2.4;

function lab(rgb: Triple): Triple {
  const [x, y, z] = times(TO_XYZ, rgb).map((value, axis) => {
    const share = Math.max(0, value) / (WHITE[axis] ?? 1);
    return share > 0.008856 ? Math.cbrt(share) : 7.787 * share + 16 / 116;
  }) as [number, number, number];
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** Every entry of a colour map as L*a*b*, seen with a deficiency or without. */
function seen(name: ColormapName, sight: Matrix | null): Triple[] {
  const table = colormap(name);
  return Array.from({ length: COLORMAP_ENTRIES }, (_, entry) => {
    const rgb: Triple = [
      linear(table[entry * 3] ?? 0),
      linear(table[entry * 3 + 1] ?? 0),
      linear(table[entry * 3 + 2] ?? 0),
    ];
    return lab(sight === null ? rgb : times(sight, rgb));
  });
}

const distance = (a: Triple, b: Triple) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

for (const name of ["cividis", "viridis"] as const) {
  for (const [sight, matrix] of [["full colour vision", null], ...Object.entries(SIGHTS)] as const) {
    Deno.test(`${name} rises in lightness from end to end for ${sight}`, () => {
      const colours = seen(name, matrix);
      for (const [entry, [lightness]] of colours.entries()) {
        const before = colours[entry - 8]?.[0] ?? -Infinity;
        assert.ok(lightness > before, `entry ${entry}: ${lightness} after ${before}`);
      }
      const range = (colours.at(-1)?.[0] ?? 0) - (colours[0]?.[0] ?? 0);
      assert.ok(range > 60, `from dark to light ${range}`);
    });
  }
}

Deno.test("cividis tells steps apart for protanopia and deuteranopia about as well as for full colour vision", () => {
  const steps = (sight: Matrix | null) => {
    const colours = seen("cividis", sight);
    return Array.from({ length: 15 }, (_, step) => distance(colours[step * 17]!, colours[(step + 1) * 17]!));
  };
  const full = steps(null);
  for (const sight of ["protanopia", "deuteranopia"]) {
    for (const [step, size] of steps(SIGHTS[sight]!).entries()) {
      assert.ok(size > 4, `${sight}, step ${step}: ${size}`);
      assert.ok(size > 0.6 * full[step]!, `${sight}, step ${step}: ${size} of ${full[step]}`);
    }
  }
});

Deno.test("cividis looks nearly the same to everybody, as viridis and turbo do not", () => {
  const change = (name: ColormapName) => {
    const [full, less] = [seen(name, null), seen(name, SIGHTS["deuteranopia"]!)];
    return full.reduce((sum, colour, entry) => sum + distance(colour, less[entry]!), 0) / full.length;
  };
  assert.ok(change("cividis") < 10, `cividis ${change("cividis")}`);
  assert.ok(change("cividis") < 0.5 * change("viridis"), `viridis ${change("viridis")}`);
  assert.ok(change("cividis") < 0.3 * change("turbo"), `turbo ${change("turbo")}`);
});
