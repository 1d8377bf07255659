import assert from "node:assert/strict";
import { chaptersOf } from "./video_chapters.ts";

function chapters(spans: readonly (readonly [string, number, number])[], endS: number): string[] {
  const all = spans.map(([label, fromS, toS]) => ({ index: 0, label, fromS, toS, frames: 4, mean: 0.5 }));
  return chaptersOf({ spans: all }, endS).map(({ words, fromS, toS }) => `${words} ${fromS}-${toS}`);
}

Deno.test("chaptersOf() names what stays first, and fills the whole film", () => {
  assert.deepEqual(chapters([["cup", 0, 4], ["espresso", 6, 9.5]], 10), [
    "cup 0-4",
    "changing 4-6",
    "espresso 6-10",
  ]);
  assert.deepEqual(chapters([["cup", 3, 4], ["cup, mug", 4.2, 9.5]], 10), ["changing 0-3", "cup 3-10"]);
});

Deno.test("chaptersOf() has none where nothing lasts long enough", () => {
  assert.deepEqual(chapters([["cup", 0, 0.5]], 0.5), []);
});
