import assert from "node:assert/strict";
import { sentSides } from "./sent_sides.ts";

Deno.test("sentSides() is as large as the largest pane needs it, whatever shape that has", () => {
  assert.deepEqual(sentSides([{ width: 100, height: 100 }, { width: 0, height: 0 }], 1), {
    ...{ width: 100, height: 100 },
  });
  assert.deepEqual(sentSides([{ width: 100, height: 50 }], 1), { width: 100, height: 100 });
  assert.deepEqual(sentSides([{ width: 100, height: 100 }], 2), { width: 200, height: 100 });
  assert.deepEqual(sentSides([], 2), { width: 0, height: 0 });
});
