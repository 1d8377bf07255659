/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { FlashGuard, type Levels, levelsOf } from "./flash_guard.ts";

const all = (level: number): Levels => Array(9).fill(level);

/** Draws a level every 50 ms for three seconds; gives what was on screen at each step. */
function shown(levelAt: (step: number) => Levels): number[][] {
  const guard = new FlashGuard();
  let screen: Levels = all(0);
  return Array.from({ length: 60 }, (_, step) => {
    const levels = levelAt(step);
    if (guard.allows(levels, step * 50)) screen = levels;
    return [...screen];
  });
}

/** Rises and falls by a tenth or more of one part, within the second before each step, at most. */
function mostTurns(screens: readonly (readonly number[])[], part: number): number {
  const turns: number[] = [];
  let [level, direction] = [screens[0]?.[part] ?? 0, 0];
  for (const [step, screen] of screens.entries()) {
    const next = screen[part] ?? 0;
    if (Math.sign(next - level) === direction) level = next;
    else if (Math.abs(next - level) >= 0.1) {
      turns.push(step * 50);
      direction = Math.sign(next - level);
      level = next;
    }
  }
  return Math.max(0, ...turns.map((atMs) => turns.filter((one) => one <= atMs && one > atMs - 1_000).length));
}

Deno.test("FlashGuard lets no part flash more than three times a second, whatever the maps do", () => {
  assert.equal(mostTurns(shown((step) => all(step % 2)), 4), 6);
  let seed = 7;
  const random = () => (seed = seed * 16_807 % 2_147_483_647) / 2_147_483_647;
  const wild = shown(() => Array.from({ length: 9 }, random));
  for (let part = 0; part < 9; part++) assert.ok(mostTurns(wild, part) <= 6);
});

Deno.test("FlashGuard holds nothing back that is calm: slow changes, small ones, and up to three flashes", () => {
  for (
    const levelAt of [
      (step: number) => all(step / 60),
      (step: number) => all(0.5 + 0.049 * (step % 2)),
      (step: number) => all(Math.floor(step / 4) % 2),
    ]
  ) {
    const guard = new FlashGuard();
    for (let step = 0; step < 60; step++) assert.ok(guard.allows(levelAt(step), step * 50), `step ${step}`);
  }
});

const SIGNED = { range: { low: -4, high: 4 }, signed: true };

Deno.test("levelsOf() is the mean evidence of nine parts, of either sign, full at the scale", () => {
  const values = Float32Array.from({ length: 36 }, (_, at) => at < 12 ? -8 : at < 24 ? 2 : 0);
  const levels = levelsOf({ height: 6, width: 6, values }, new Float32Array(36).fill(1), SIGNED);
  assert.deepEqual(levels, [1, 1, 1, 0.5, 0.5, 0.5, 0, 0, 0]);
  const faint = levelsOf({ height: 6, width: 6, values }, new Float32Array(36).fill(0.5), SIGNED);
  assert.deepEqual(faint.slice(0, 4), [0.5, 0.5, 0.5, 0.25]);
  const unknown = levelsOf(
    { height: 1, width: 3, values: Float32Array.of(NaN, 4, 4) },
    Float32Array.of(0, 1, 1),
    SIGNED,
  );
  assert.deepEqual(unknown.slice(0, 3), [0, 1, 1]);
  const lifted = { range: { low: 4, high: 8 }, signed: false };
  const parts = levelsOf(
    { height: 1, width: 3, values: Float32Array.of(4, 5, 9) },
    Float32Array.of(1, 1, 1),
    lifted,
  );
  assert.deepEqual(
    parts.slice(0, 3),
    [0, 0.25, 1],
    "from the low end of a scale that does not begin at zero",
  );
});
