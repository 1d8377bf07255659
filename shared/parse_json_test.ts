import assert from "node:assert/strict";
import { parseJson } from "./parse_json.ts";

Deno.test("parseJson() counts lists and tables, and no brackets in strings", () => {
  assert.deepEqual(parseJson('{"a":[{"b":"[[[[\\"[["}],"c":[[]]}', 3), { a: [{ b: '[[[["[[' }], c: [[]] });
  assert.throws(() => parseJson('{"a":[{"b":[]}]}', 3), /at most 3 levels/);
  assert.throws(() => parseJson("[".repeat(1e6), 100), /at most 100 levels/);
  assert.throws(() => parseJson("[", 100), SyntaxError);
});
