import assert from "node:assert/strict";
import type { Probe } from "../../engine/port.ts";
import { SKETCH_SIDE } from "../../engine/sketch.ts";
import { contextOf, type Course, runCourse } from "../testing/course.ts";
import { SmallNetwork } from "../../engine/testing/small_network.ts";
import type { Carry } from "../method.ts";
import { StreamDrops, Sweep } from "./_sweep.ts";
import { layWindows } from "../numerics/windows.ts";
import { occlusion } from "./occlusion.ts";

/** 16×16 px: 49 windows, 16 of them coarse, so 6 fine ones a round. */
const NETWORK = new SmallNetwork({ width: 16, height: 16 });
const OPTIONS = { window: 4, stride: 2, fill: "grey", score: "logit" };
const COARSE = 16;
const FINE_A_ROUND = 6;

interface StreamFrame {
  readonly frame: number;
  readonly groups?: number;
  readonly still?: boolean;
  readonly rank?: number;
  /** Grey level of what the frame shows; by default nothing is known of it. */
  readonly shows?: number;
}

function next(carry: Carry, { frame, groups, still = false, rank, shows }: StreamFrame): Course {
  const target = rank === undefined ? { kind: "class", index: 0 } as const : { kind: "rank", rank } as const;
  const context = contextOf(NETWORK, { frame, carry, still, target, options: OPTIONS });
  const sketch = shows === undefined ? null : new Uint8Array(SKETCH_SIDE ** 2).fill(shows);
  return runCourse(NETWORK, occlusion.attribute({ ...context, sketch: () => sketch }), groups);
}

function keys({ groups }: Course): string[] {
  return groups.flat().map(({ variation }: Probe) => JSON.stringify(variation));
}

function isCoarse(key: string): boolean {
  const { window } = JSON.parse(key) as { window: { top: number; left: number } };
  return window.top % 4 === 0 && window.left % 4 === 0;
}

Deno.test("occlusion on a moving picture continues where the frame before was cut short", () => {
  const carry: Carry = new Map();
  const measured = [1, 2, 3, 4].flatMap((frame) => keys(next(carry, { frame, groups: 4 })));
  assert.equal(new Set(measured).size, COARSE);
  assert.ok(measured.every(isCoarse));
});

Deno.test("occlusion on a moving picture repeats the coarse grid after a few fine windows", () => {
  const carry: Carry = new Map();
  const round = (first: number) =>
    Array.from(
      { length: COARSE + FINE_A_ROUND },
      (_, index) => keys(next(carry, { frame: first + index, groups: 1 })),
    ).flat();
  for (const first of [1, 101, 201]) {
    const windows = round(first);
    assert.ok(windows.slice(0, COARSE).every(isCoarse));
    assert.ok(!windows.slice(COARSE).some(isCoarse));
    assert.equal(new Set(windows).size, COARSE + FINE_A_ROUND);
  }
});

Deno.test("T8: occlusion on a moving picture says of all windows that are shown, not of the newest frame's alone", () => {
  const carry: Carry = new Map();
  const said = Array.from(
    { length: COARSE },
    (_, index) =>
      next(carry, { frame: 1 + index, groups: 1, shows: 100 }).tiles.map(({ samples }) => samples),
  );
  // Each frame first shows what is known of those before it, then measures one window more.
  const made = (count: number) => ({ count, of: 49, error: null });
  assert.deepEqual(
    said.slice(1),
    Array.from({ length: COARSE - 1 }, (_, at) => [made(at + 1), made(at + 2)]),
  );
  const after = next(carry, { frame: 101, groups: 1, shows: 200 });
  assert.deepEqual(
    after.tiles.map(({ samples }) => samples?.count),
    [0, 1],
    "what shows something else is let go",
  );
  // A finished map is that of its own frame.
  assert.deepEqual(next(carry, { frame: 102, still: true, shows: 200 }).map?.samples, made(49));
});

Deno.test("occlusion on a single frame of a moving picture still ends with the exact map", () => {
  const moving = next(new Map(), { frame: 7 });
  assert.equal(new Set(keys(moving)).size, 49);
  assert.equal(keys(moving).length, 49);
  assert.deepEqual(moving.map, next(new Map(), { frame: 7, still: true }).map);
});

Deno.test("occlusion finishes a frame exactly although others left their drops", () => {
  const carry: Carry = new Map();
  for (const frame of [1, 2, 3]) next(carry, { frame, groups: 15 });
  assert.deepEqual(next(carry, { frame: 4 }).map, next(new Map(), { frame: 4, still: true }).map);
});

Deno.test("occlusion on a still frame after a stream measures every window again and ends with its own drops", () => {
  const carry: Carry = new Map();
  next(carry, { frame: 1, groups: 30 });
  const still = next(carry, { frame: 2, still: true });
  assert.equal(new Set(keys(still)).size, 49);
  assert.deepEqual(still.map, next(new Map(), { frame: 2, still: true }).map);
});

Deno.test("occlusion begins each frame of a stream with the whole map as far as it is known", () => {
  const carry: Carry = new Map();
  const first = next(carry, { frame: 1, groups: 3, shows: 10 });
  assert.equal(first.tiles.length, 3);
  const [known, ...others] = next(carry, { frame: 2, groups: 1, shows: 12 }).tiles;
  assert.deepEqual([known?.rows, known?.columns, known?.progress, others.length], [8, 8, 0, 1]);
  const cells = Array.from(known?.values ?? []);
  assert.ok(cells.some((value) => Number.isNaN(value)) && cells.some((value) => !Number.isNaN(value)));
});

Deno.test("occlusion shows nothing of a frame that is unlike this one, and measures again what was measured there", () => {
  for (const still of [false, true]) {
    const carry: Carry = new Map();
    const before = next(carry, { frame: 1, groups: 5, shows: 10 });
    const after = next(carry, { frame: 2, groups: 5, shows: 200, still });
    const [known] = after.tiles;
    // A picture that is held has nothing on screen that would have to go: the page begins its map by itself.
    assert.equal(known?.rows === 8 && known.values.every(Number.isNaN), !still);
    assert.ok(keys(before).every((key) => keys(after).includes(key)));
    const alone = next(new Map(), { frame: 2, groups: 5, shows: 200, still });
    assert.deepEqual(after.tiles.slice(still ? 0 : 1), alone.tiles);
  }
});

Deno.test("occlusion shows again what it measured when a frame like the earlier one comes back", () => {
  const carry: Carry = new Map();
  next(carry, { frame: 1, groups: 4, shows: 10 });
  next(carry, { frame: 2, groups: 0, shows: 200 });
  const [known] = next(carry, { frame: 3, groups: 0, shows: 11 }).tiles;
  assert.ok(known?.values.some((value) => !Number.isNaN(value)));
});

Deno.test("occlusion forgets its drops when the ranked class changes", () => {
  const carry: Carry = new Map();
  const first = next(carry, { frame: 1, groups: 5, rank: 1 });
  const second = next(carry, { frame: 1, groups: 5, rank: 2 });
  assert.notEqual(first.tiles[0]?.classIndex, second.tiles[0]?.classIndex);
  const [known, ...others] = second.tiles;
  assert.ok(known?.values.every(Number.isNaN));
  assert.deepEqual(others, next(new Map(), { frame: 1, groups: 5, rank: 2 }).tiles);
});

Deno.test("occlusion mixes the latest drops of a stream in what it shows", () => {
  const carry: Carry = new Map();
  next(carry, { frame: 1 });
  const mixed = next(carry, { frame: 2, groups: 1 }).tiles[1];
  const alone = next(new Map(), { frame: 2, groups: 1 }).tiles[0];
  assert.notDeepEqual(mixed?.values, alone?.values);
});

Deno.test("Sweep.shown() forgets a drop of an earlier frame when the round after its own has ended", () => {
  const grid = layWindows(16, 16, { window: 4, stride: 2 });
  const stream = new StreamDrops(0, grid.count);
  const evidence = new Float64Array(grid.count);
  const sweep = (frame: number) => new Sweep({ grid, frame, sketch: null, evidence, stream, still: false });
  const one = { first: 0, end: 1 };
  sweep(1).record(0, 5);
  const shown = [0, 1, 2].map((round) => {
    stream.round = round;
    return sweep(2).shown().over(one, one);
  });
  assert.deepEqual(shown, [5, 5, null]);
});

Deno.test("a row that arrives after its frame was superseded changes nothing that is newer", () => {
  const carry: Carry = new Map();
  const late = occlusion.attribute(contextOf(NETWORK, { frame: 1, carry, still: false, options: OPTIONS }));
  const first = late.next([]).value;
  assert.ok("kind" in first && first.kind === "probes");
  const asked = late.next(first.probes.map((probe) => NETWORK.answer(probe))).value;
  assert.ok("kind" in asked && asked.kind === "probes");
  next(carry, { frame: 2, groups: 20 });
  const before = JSON.stringify([...carry.values()]);
  late.next(asked.probes.map((probe) => NETWORK.answer(probe)));
  assert.equal(JSON.stringify([...carry.values()]), before);
  assert.deepEqual(next(carry, { frame: 3 }).map, next(new Map(), { frame: 3, still: true }).map);
});
