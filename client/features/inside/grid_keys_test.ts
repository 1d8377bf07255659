/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { CHANNELS_PER_PAGE, CHANNELS_PER_ROW } from "../../../shared/inside.ts";
import { channelOfKey, channelRows, type GridPosition } from "./grid_keys.ts";

const PLAIN = { ctrlKey: false, altKey: false, metaKey: false };
/** The second page of a layer that fills it by half a row. */
const POSITION: GridPosition = {
  current: CHANNELS_PER_PAGE + 5,
  first: CHANNELS_PER_PAGE,
  shown: CHANNELS_PER_ROW + 8,
  channels: CHANNELS_PER_PAGE + CHANNELS_PER_ROW + 8,
};

Deno.test("channelOfKey() moves by channel, row and page", () => {
  const by = (key: string, ctrlKey = false) => {
    const to = channelOfKey({ ...PLAIN, key, ctrlKey }, POSITION);
    return to === null ? null : to - POSITION.first;
  };
  assert.deepEqual(["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp"].map((key) => by(key)), [
    6,
    4,
    5 + CHANNELS_PER_ROW,
    5 - CHANNELS_PER_ROW,
  ]);
  assert.deepEqual([by("Home"), by("End")], [0, CHANNELS_PER_ROW - 1]);
  assert.deepEqual([by("Home", true), by("End", true)], [0, POSITION.shown - 1]);
  assert.deepEqual([by("PageUp"), by("PageDown")], [5 - CHANNELS_PER_PAGE, POSITION.shown - 1]);
  assert.equal(by("a"), null);
});

Deno.test("channelOfKey() ends a row that is not full at its last channel", () => {
  const current = POSITION.first + CHANNELS_PER_ROW + 1;
  const end = channelOfKey({ ...PLAIN, key: "End" }, { ...POSITION, current });
  assert.equal(end, POSITION.first + POSITION.shown - 1);
});

Deno.test("channelRows() cuts a page into rows", () => {
  const rows = channelRows(32, CHANNELS_PER_ROW + 2);
  assert.deepEqual(rows.map(({ length }) => length), [CHANNELS_PER_ROW, 2]);
  assert.deepEqual(rows[1], [32 + CHANNELS_PER_ROW, 33 + CHANNELS_PER_ROW]);
  assert.deepEqual(channelRows(0, 0), []);
});
