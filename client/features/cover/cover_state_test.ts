/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { COVER_CELLS, coverShare } from "../../../shared/cover.ts";
import { covered, type CoverEvent, type CoverState, firstCover, MAX_STEPS } from "./cover_state.ts";
import { cellAt, NOTHING, rectangleCells, strokeCells } from "./stamp.ts";

const FIRST = firstCover({ cells: NOTHING, fill: "grey" }, 4);

function after(events: readonly CoverEvent[], state: CoverState = FIRST): CoverState {
  return events.reduce(covered, state);
}

const count = ({ cells }: Pick<CoverState, "cells">) => Math.round(coverShare(cells) * COVER_CELLS);
const at = (x: number, y: number) => ({ x, y });
const down = (x: number, y: number, pointer = 1): CoverEvent => ({
  kind: "down",
  pointer,
  at: at(x, y),
  erases: false,
});
const moved = (x: number, y: number, pointer = 1): CoverEvent => ({ kind: "moved", pointer, at: at(x, y) });
const up = (pointer = 1): CoverEvent => ({ kind: "up", pointer });

Deno.test("a brush covers what it passes over, round as it is seen, and is one step for undo", () => {
  const painted = after([down(0.25, 0.5), moved(0.5, 0.5), moved(0.75, 0.5), up()]);
  assert.ok(count(painted) > 4 * 14 && count(painted) < 4 * 22, `${count(painted)}`);
  assert.equal(painted.cells[cellAt(at(0.6, 0.5)) ?? -1], 1);
  assert.equal(painted.past.length, 1);
  assert.equal(count(after([{ kind: "undone" }], painted)), 0);
  assert.deepEqual(after([{ kind: "undone" }, { kind: "redone" }], painted).cells, painted.cells);
  // On a picture twice as wide as high a round brush is half as many cells wide.
  const dot = strokeCells(NOTHING, at(0.5, 0.5), at(0.5, 0.5), { size: 8, aspect: 2, value: 1 });
  const rows = new Set(
    [...dot.keys()].filter((cell) => dot[cell] === 1).map((cell) => Math.floor(cell / 32)),
  );
  const columns = new Set([...dot.keys()].filter((cell) => dot[cell] === 1).map((cell) => cell % 32));
  assert.deepEqual([rows.size, columns.size], [8, 4]);
});

Deno.test("a stroke may begin, pass and end beside the picture; what lies there changes nothing", () => {
  const painted = after([down(-0.5, 0.5), moved(1.5, 0.5), up()]);
  assert.equal(count(painted) % 32, 0);
  assert.ok(count(painted) >= 4 * 32);
  assert.equal(count(after([down(-3, -3), moved(-2, 5), up()])), 0);
  assert.equal(after([down(-3, -3), up()]).past.length, 0);
  assert.equal(cellAt(at(1, 0.5)), null);
  assert.equal(cellAt(at(NaN, 0.5)), null);
});

Deno.test("a second pointer means nothing while one draws, and the eraser makes visible again", () => {
  const painting = after([down(0.5, 0.5), down(0.1, 0.1, 2), moved(0.9, 0.1, 2), up(2)]);
  assert.equal(painting.stroke?.pointer, 1);
  assert.deepEqual(painting.cells, after([down(0.5, 0.5)]).cells);
  const erased = after(
    [{ kind: "up", pointer: 1 }, { kind: "erases", on: true }, down(0.5, 0.5), up()],
    painting,
  );
  assert.equal(count(erased), 0);
  assert.equal(erased.past.length, 2);
  const once = after([up(), { ...down(0.5, 0.5), erases: true } as CoverEvent, up()], painting);
  assert.equal(count(once), 0);
});

Deno.test("a rectangle covers all that it touches, in any direction, and shrinks with its corner", () => {
  const drawing = after([
    { kind: "tool", tool: "rectangle" },
    down(0.5, 0.5),
    moved(0.9, 0.9),
    moved(0.26, 0.26),
  ]);
  assert.equal(count(drawing), 8 * 8);
  assert.equal(count(after([{ kind: "cancelled" }], drawing)), 0);
  assert.deepEqual(rectangleCells(NOTHING, at(0.5, 0.5), at(0.26, 0.26), 1), drawing.cells);
  assert.equal(coverShare(rectangleCells(NOTHING, at(-1, -1), at(2, 2), 1)), 1);
});

Deno.test("the keyboard's block moves by its own side, stays on the picture, and covers or makes visible", () => {
  const moves: CoverEvent[] = Array.from({ length: 50 }, () => ({ kind: "stepped", rows: -1, columns: 1 }));
  const moved = after([...moves, { kind: "stamped" }]);
  assert.deepEqual(moved.block, { row: 0, column: 28 });
  assert.equal(count(moved), 16);
  assert.equal(count(after([{ kind: "erases", on: true }, { kind: "stamped" }], moved)), 0);
  assert.deepEqual(after([{ kind: "size", size: 16 }], moved).block, { row: 0, column: 16 });
  assert.equal(after([{ kind: "size", size: 99 }]).size, 16);
});

Deno.test("invert leaves only what was covered visible; fill, invert and what is set are steps of their own", () => {
  const painted = after([down(0.5, 0.5), up(), { kind: "inverted" }, { kind: "filled", fill: "blur" }]);
  assert.equal(count(painted) + count(after([down(0.5, 0.5), up()])), COVER_CELLS);
  assert.equal(painted.past.length, 3);
  const back = after([{ kind: "undone" }], painted);
  assert.deepEqual([back.fill, back.cells], ["grey", painted.cells]);
  assert.equal(after([{ kind: "filled", fill: "grey" }]).past.length, 0);
  const set = after([{ kind: "set", cells: NOTHING }], painted);
  assert.equal(count(set), 0);
  assert.equal(count(after([{ kind: "undone" }], set)), count(painted));
});

Deno.test("ten thousand strokes keep a bounded memory, and undo stops at its end", () => {
  let state = FIRST;
  for (let stroke = 0; stroke < 10_000; stroke++) {
    const x = stroke * 7_919 % 997 / 997;
    state = after([{ ...down(x, 1 - x), erases: stroke % 3 === 0 } as CoverEvent, up()], state);
  }
  assert.equal(state.past.length, MAX_STEPS);
  for (let undo = 0; undo < 2 * MAX_STEPS; undo++) state = covered(state, { kind: "undone" });
  assert.deepEqual([state.past.length, state.future.length], [0, MAX_STEPS]);
});
