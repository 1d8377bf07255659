/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { MAX_WAITING, type Pair, Pairing } from "./pairing.ts";

/** Runs a camera of 33 ms and an engine whose frames take `every` pictures, each map coming `lag` pictures later. */
function run(
  pictures: number,
  every: number,
  lag: number,
): { pairs: Pair<number, string>[]; left: number[] } {
  const pairing = new Pairing<number, string>();
  const pairs: Pair<number, string>[] = [];
  const left: number[] = [];
  const take = (paired: ReturnType<typeof pairing.rest>) => {
    pairs.push(...paired.pairs);
    left.push(...paired.left);
  };
  for (let place = 0; place < pictures + lag; place++) {
    if (place < pictures) {
      take(pairing.captured(place * 33, place));
      if (place % every === 0) pairing.sent(1 + place / every, place * 33);
    }
    const done = place - lag;
    if (done >= 0 && done % every === 0) take(pairing.explained(1 + done / every, `map of ${done}`));
  }
  take(pairing.rest());
  return { pairs, left };
}

Deno.test("Pairing writes every picture with its own map or its neighbour's while the engine keeps up", () => {
  for (const every of [1, 2, 3]) {
    for (const lag of [1, 3, 6]) {
      const { pairs, left } = run(60, every, lag);
      const end = 59 - 59 % every;
      assert.deepEqual(left.filter((place) => place < end), [], `${every} ${lag}`);
      assert.ok(pairs.every(({ distance }) => Math.abs(distance) <= 1));
      assert.deepEqual(
        pairs.map(({ picture }) => picture),
        pairs.map(({ picture }) => picture).toSorted((a, b) => a - b),
      );
      for (const { picture, map, distance } of pairs) assert.equal(map, `map of ${picture - distance}`);
    }
  }
});

Deno.test("Pairing leaves out what is too far from every map, rather than show it with a wrong one", () => {
  const { pairs, left } = run(61, 6, 4);
  assert.ok(pairs.every(({ distance }) => Math.abs(distance) <= 1));
  assert.deepEqual(left.slice(0, 3), [2, 3, 4]);
  assert.equal(pairs.length + left.length, 61);
});

Deno.test("Pairing writes pictures without a map where none has come yet, and none is lost", () => {
  const pairing = new Pairing<number, string>();
  const pairs = Array.from({ length: MAX_WAITING + 5 }, (_, place) => pairing.captured(place, place).pairs)
    .flat();
  assert.deepEqual(
    pairs.map(({ picture, map }) => [picture, map]),
    [0, 1, 2, 3, 4].map((place) => [place, null]),
  );
  assert.equal(pairing.rest().pairs.length, MAX_WAITING);
});

Deno.test("Pairing ignores a map of a frame that it does not know, and one that comes late", () => {
  const pairing = new Pairing<number, string>();
  pairing.captured(0, 0);
  pairing.captured(33, 1);
  assert.deepEqual(pairing.explained(7, "x"), { pairs: [], left: [] });
  pairing.sent(1, 0);
  pairing.sent(2, 33);
  assert.equal(pairing.explained(2, "b").pairs.length, 2);
  assert.deepEqual(pairing.explained(1, "a"), { pairs: [], left: [] });
});
