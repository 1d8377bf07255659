import assert from "node:assert/strict";
import fc from "fast-check";
import { cutsFor, type LogShare, OWN_WRITER } from "./log_room.ts";
import { assertProperty } from "../../tests/support/seeded.ts";

const share = (writer: string, trashed: boolean, bytes: number): LogShare => ({ writer, trashed, bytes });

Deno.test("L9: others' trash gives way first, then what others wrote, then the own trash, the own entries last", () => {
  const all = [
    share(OWN_WRITER, false, 100),
    share(OWN_WRITER, true, 50),
    share("10.0.0.7", false, 40),
    share("10.0.0.7", true, 30),
  ];
  const gone = (maxBytes: number) =>
    cutsFor(all, maxBytes).map(({ writer, trashed, bytes }) => [writer, trashed, bytes]);
  assert.deepEqual(gone(220), []);
  assert.deepEqual(gone(210), [["10.0.0.7", true, 10]]);
  assert.deepEqual(gone(160), [["10.0.0.7", true, 30], ["10.0.0.7", false, 30]]);
  assert.deepEqual(gone(90), [
    ["10.0.0.7", true, 30],
    ["10.0.0.7", false, 40],
    [OWN_WRITER, true, 50],
    [OWN_WRITER, false, 10],
  ]);
});

Deno.test("L9: among others those with the most give way, and nobody who has less", () => {
  const all = [
    share("a", false, 100),
    share("b", false, 70),
    share("c", false, 10),
    share(OWN_WRITER, false, 500),
  ];
  assert.deepEqual(cutsFor(all, 660), [share("a", false, 20)]);
  assert.deepEqual(cutsFor(all, 630), [share("a", false, 40), share("b", false, 10)]);
});

Deno.test("cutsFor() frees what is asked for, and never own entries for those of others", () => {
  const Shares = fc.uniqueArray(
    fc.record({
      writer: fc.constantFrom(OWN_WRITER, "a", "b", "c", "d"),
      trashed: fc.boolean(),
      bytes: fc.integer({ min: 0, max: 1_000 }),
    }),
    { selector: ({ writer, trashed }) => `${writer} ${trashed}` },
  );
  assertProperty(fc.property(Shares, fc.integer({ min: 0, max: 4_000 }), (shares, maxBytes) => {
    const cuts = cutsFor(shares, maxBytes);
    const left = shares.map((one) => {
      const cut = cuts.find(({ writer, trashed }) => writer === one.writer && trashed === one.trashed);
      assert.ok((cut?.bytes ?? 0) <= one.bytes);
      return { ...one, bytes: one.bytes - (cut?.bytes ?? 0) };
    });
    const sum = (some: readonly LogShare[]) => some.reduce((total, { bytes }) => total + bytes, 0);
    assert.ok(sum(left) === Math.min(sum(shares), maxBytes));
    const ownCut = cuts.some(({ writer }) => writer === OWN_WRITER);
    assert.ok(!ownCut || sum(left.filter(({ writer }) => writer !== OWN_WRITER)) === 0);
  }));
});
