import assert from "node:assert/strict";
import * as v from "valibot";
import { misfitOf } from "./misfit.ts";
import { ClientMessageSchema } from "./protocol.ts";

const VIEW = {
  revision: 1,
  method: "grad-cam",
  options: {},
  layer: null,
  target: { kind: "rank", rank: 0 },
};

function misfit(schema: v.GenericSchema, value: unknown): string {
  const read = v.safeParse(schema, value);
  assert.ok(!read.success, "the value fits");
  return misfitOf(read.issues[0], "it");
}

Deno.test("what does not fit is said in our words, with its path, what is expected and what came", () => {
  const Schema = v.strictObject({
    count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4)),
    name: v.optional(v.pipe(v.string(), v.maxLength(3))),
    kind: v.optional(v.picklist(["one", "two"])),
    sides: v.optional(v.array(v.number())),
    own: v.optional(v.pipe(v.string(), v.check(() => false, "a name of the list"))),
  });
  const cases = [
    [3, "it must be an object, got 3"],
    [{}, "'count' must be there, got nothing"],
    [{ count: "1" }, `'count' must be a number, got "1"`],
    [{ count: 1.5 }, "'count' must be a whole number, got 1.5"],
    [{ count: 0 }, "'count' must be 1 or more, got 0"],
    [{ count: 9 }, "'count' must be 4 or less, got 9"],
    [{ count: 1, name: "long" }, "'name' must be 3 or less long, got 4"],
    [{ count: 1, kind: "six" }, `'kind' must be "one" or "two", got "six"`],
    [{ count: 1, sides: [1, {}] }, "'sides.1' must be a number, got an object"],
    [{ count: 1, own: "x" }, `'own' must be a name of the list, got "x"`],
    [{ count: 1, more: 1 }, "'more' is not known here; leave it out"],
  ] as const;
  for (const [value, words] of cases) assert.equal(misfit(Schema, value), words);
});

Deno.test("M2: no message that does not fit is answered with a library's words", () => {
  const wrong = [
    3,
    null,
    [],
    { type: "dance" },
    { type: "view" },
    { type: "view", view: { ...VIEW, revision: -1 } },
    { type: "view", view: { ...VIEW, target: { kind: "rank", rank: 9 } } },
    { type: "view", view: { ...VIEW, method: "x".repeat(10_000) } },
    { type: "view", view: { ...VIEW, more: 1 } },
  ];
  for (const message of wrong) {
    const words = misfit(ClientMessageSchema, message);
    assert.doesNotMatch(words, /Invalid|Expected|received|Object|Array|undefined|NaN/u);
    assert.match(words, / must be .+, got |is not known here/u);
    assert.ok(words.length < 400, words);
  }
});
