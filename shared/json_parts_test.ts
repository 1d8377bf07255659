import assert from "node:assert/strict";
import fc from "fast-check";
import { type JsonPart, JsonParts } from "./json_parts.ts";
import { assertProperty } from "../tests/support/seeded.ts";

const BOUNDS = { partChars: 1_000, depth: 4, members: 5 };

/** Stands for the beginning of a long member. */
const BEGINS = "(begins)";

const WANTED = ["list", "table", "other", "list2", ..."abcdef"];

/** What comes of a text that arrives in pieces of `step` characters. */
function read(text: string, step: number, wanted: readonly string[] = WANTED): JsonPart[] {
  const found: JsonPart[] = [];
  const parts = new JsonParts({
    ...BOUNDS,
    wanted: new Set(wanted),
    long: new Set(["list", "table"]),
    onLong: (key, kind) => found.push({ key, place: kind, text: BEGINS }),
    onPart: (part) => found.push(part),
  });
  for (let at = 0; at < text.length; at += step) parts.push(text.slice(at, at + step));
  parts.end();
  return found;
}

/** The object that its pieces make up. */
function together(found: readonly JsonPart[]): unknown {
  const entries = new Map<string, unknown>();
  for (const { key, place, text } of found) {
    if (text === BEGINS) entries.set(key, place === "list" ? [] : Object.create(null));
    else if (place === null) entries.set(key, JSON.parse(text));
    else {
      const into = entries.get(key) as Record<string | number, unknown>;
      Object.defineProperty(into, place, {
        value: JSON.parse(text),
        enumerable: true,
        writable: true,
        configurable: true,
      });
    }
  }
  return Object.fromEntries(entries);
}

Deno.test("JsonParts hands on what JSON.parse() reads, wherever the text is cut", () => {
  const shallow = fc.jsonValue({ maxDepth: 2 });
  const objects = fc.record({
    list: fc.array(shallow, { maxLength: 4 }),
    table: fc.dictionary(fc.string(), shallow, { maxKeys: 4 }),
    other: shallow,
  });
  assertProperty(
    fc.property(objects, fc.integer({ min: 1, max: 50 }), fc.boolean(), (object, step, spaces) => {
      const text = JSON.stringify(object, null, spaces ? "\t \r\n" : undefined);
      assert.deepEqual(
        JSON.stringify(together(read(text, step))),
        JSON.stringify(JSON.parse(text)),
      );
    }),
    { seed: 13, numRuns: 300 },
  );
});

Deno.test("JsonParts takes long members apart and leaves the others whole", () => {
  assert.deepEqual(read(' {"a":[1, "]"],"list" : [ 1 ,{"b":"\\"}"}, []],"table":{"k":1},"list2":{}} ', 3), [
    { key: "a", place: null, text: '[1, "]"]' },
    { key: "list", place: "list", text: BEGINS },
    { key: "list", place: 0, text: "1 " },
    { key: "list", place: 1, text: '{"b":"\\"}"}' },
    { key: "list", place: 2, text: " []" },
    { key: "table", place: "table", text: BEGINS },
    { key: "table", place: "k", text: "1" },
    { key: "list2", place: null, text: "{}" },
  ]);
});

Deno.test("JsonParts refuses what is no object, what does not end and what follows behind the end", () => {
  const wrong = [
    "",
    "[]",
    "1",
    "{",
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
    '{"a":1,}',
    '{"a":1}x',
    '{"a":1}{}',
    "{a:1}",
    '{"list":[1,]}',
  ];
  for (
    const text of [
      ...wrong,
      '{"a" 1}',
      '{"list":[1',
      '{"list":[1}',
      '{"table":{"k"}}',
      '{"a":1 "b":2}',
      '{"a\n":1}',
    ]
  ) {
    for (const step of [1, 100]) {
      // A piece is parsed by whoever takes it: here is the end of its reading.
      assert.throws(() => read(text, step).forEach(({ text }) => text === BEGINS || JSON.parse(text)), text);
    }
  }
});

Deno.test("JsonParts stops at what is too long, too deep, too many or given twice, before it holds more than that", () => {
  const piece = `"${"x".repeat(BOUNDS.partChars)}"`;
  assert.throws(() => read(`{"a":${piece}`, 7), /'a' has more than 1000 characters/);
  assert.throws(() => read(`{"list":[1,${piece}`, 7), /'list\.1' has more than 1000 characters/);
  assert.throws(() => read(`{"list":[[[[[[`, 100), /'list\.0' is nested deeper than 4 levels/);
  assert.throws(() => read(`{"a":[[[{"b":[`, 100), /'a' is nested deeper than 4 levels/);
  assert.throws(() => read('{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1}', 100), /at most 5 members/);
  assert.throws(() => read('{"list":[],"list":[]}', 100), /'list' is given twice/);
  assert.throws(() => read(`{"${"x".repeat(2_000)}`, 100), /names of at most 1000 characters/);
});

Deno.test("JsonParts passes over what nobody wants, however long it is", () => {
  const text = `{"x":"${"x".repeat(5_000)}","list":[${"1,".repeat(5_000)}1],"a":1,"y":{"z":"]}"}}`;
  for (const step of [1, 7, 100_000]) {
    assert.deepEqual(read(text, step, ["a"]), [{ key: "a", place: null, text: "1" }]);
  }
});
