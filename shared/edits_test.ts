import assert from "node:assert/strict";
import { editsFrom, MAX_EDITED_CHARS } from "./edits.ts";

/** The distance by its definition, row by row. */
function editsByTable(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = (before[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(change, (before[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    before = current;
  }
  return before[b.length] ?? 0;
}

/** Texts of a few letters, so that many are alike; the same with every run. */
function* texts(count: number): Generator<string> {
  let seed = 1;
  const next = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let at = 0; at < count; at++) {
    yield Array.from({ length: next(MAX_EDITED_CHARS + 1) }, () => "abc d"[next(5)]).join("");
  }
}

Deno.test("editsFrom() counts what the definition counts", () => {
  const all = [...texts(60), "", "a".repeat(MAX_EDITED_CHARS), "b".repeat(MAX_EDITED_CHARS)];
  for (const a of all) {
    const edits = editsFrom(a);
    for (const b of [...all, "abc d".repeat(30)]) assert.equal(edits(b), editsByTable(a, b), `'${a}' '${b}'`);
  }
});

Deno.test("editsFrom() refuses a text that does not fit", () => {
  assert.throws(() => editsFrom("a".repeat(MAX_EDITED_CHARS + 1)), RangeError);
});
