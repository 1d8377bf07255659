import assert from "node:assert/strict";
import {
  EMPTY_SEAT_MS,
  GREETING_SEAT_MS,
  IDLE_SEAT_MS,
  MAX_VIEWERS,
  MAX_VIEWERS_PER_ADDRESS,
} from "../../shared/limits.ts";
import { type Seat, seatFor, type Whose } from "./seats.ts";

const NOW_MS = 1_000_000;

const OPERATOR: Whose = { from: null, own: true };
const STRANGER: Whose = { from: "192.0.2.1", own: false };
/** Through a proxy on the own machine: nothing tells such clients apart. */
const PROXIED: Whose = { from: null, own: false };

/** A seat whose viewer has just shown something. */
function seat(viewer: string, more: Partial<Seat<string>> = {}): Seat<string> {
  const presence = { kind: "shown", sinceMs: NOW_MS } as const;
  return { viewer, from: `198.51.100.${viewer}`, own: false, takenMs: NOW_MS - 600_000, presence, ...more };
}

const seats = (count: number, more: Partial<Seat<string>> = {}) =>
  Array.from({ length: count }, (_, at) => seat(`${at}`, more));

const find = (whose: Whose, taken: readonly Seat<string>[]) => seatFor(whose, taken, MAX_VIEWERS, NOW_MS);

Deno.test("H5: a seat is free while there are fewer viewers than the limit", () => {
  assert.deepEqual(find(STRANGER, seats(MAX_VIEWERS - 1)), { kind: "free" });
  assert.deepEqual(find(STRANGER, seats(MAX_VIEWERS)), { kind: "full", why: "all" });
  assert.deepEqual(find(PROXIED, seats(MAX_VIEWERS)), { kind: "full", why: "all" });
});

Deno.test("H5: one address gets eight seats, and the ninth connection none", () => {
  const { from } = STRANGER;
  assert.deepEqual(find(STRANGER, seats(MAX_VIEWERS_PER_ADDRESS - 1, { from })), { kind: "free" });
  const eight = seats(MAX_VIEWERS_PER_ADDRESS, { from });
  assert.deepEqual(find(STRANGER, eight), { kind: "full", why: "address" });
  assert.deepEqual(find({ ...STRANGER, from: "192.0.2.2" }, eight), { kind: "free" });
  assert.deepEqual(find(OPERATOR, eight), { kind: "free" });
});

Deno.test("H5: behind a proxy on the own machine, clients are not counted by address", () => {
  assert.deepEqual(find(PROXIED, seats(MAX_VIEWERS - 1, { from: null })), { kind: "free" });
});

Deno.test("H5: the own machine's page gets a seat beyond the limit, once", () => {
  assert.deepEqual(find(OPERATOR, seats(MAX_VIEWERS)), { kind: "free" });
  assert.deepEqual(find(OPERATOR, seats(MAX_VIEWERS + 1)), { kind: "full", why: "all" });
  assert.deepEqual(find(STRANGER, seats(MAX_VIEWERS + 1)), { kind: "full", why: "all" });
});

const PRESENCES: Readonly<Record<string, (agoMs: number) => Partial<Seat<string>>>> = {
  "has not said hello": (agoMs) => ({ takenMs: NOW_MS - agoMs, presence: { kind: "greeting" } }),
  "has shown nothing": (agoMs) => ({ takenMs: NOW_MS - agoMs, presence: { kind: "empty" } }),
  "has shown something once": (agoMs) => ({ presence: { kind: "shown", sinceMs: NOW_MS - agoMs } }),
};
const PATIENCE_MS = [GREETING_SEAT_MS, EMPTY_SEAT_MS, IDLE_SEAT_MS];

for (const [at, [what, idle]] of Object.entries(PRESENCES).entries()) {
  const ms = PATIENCE_MS[at] ?? NaN;
  Deno.test(`H11: a viewer that ${what} gives way after ${ms} ms, to somebody who finds no other seat`, () => {
    const others = seats(MAX_VIEWERS - 1);
    const early = [...others, seat("idle", idle(ms - 1))];
    assert.deepEqual(find(STRANGER, early), { kind: "full", why: "all" });
    const late = [...others, seat("idle", idle(ms))];
    assert.deepEqual(find(STRANGER, late), { kind: "instead-of", viewer: "idle" });
    assert.deepEqual(find(OPERATOR, late), { kind: "instead-of", viewer: "idle" });
    assert.deepEqual(find(STRANGER, late.slice(1)), { kind: "free" });
  });
}

Deno.test("H11: who presents does not give way", () => {
  const presence = { kind: "presenting" } as const;
  assert.deepEqual(find(STRANGER, seats(MAX_VIEWERS, { presence, takenMs: 0 })), {
    kind: "full",
    why: "all",
  });
});

Deno.test("H11: the longest idle goes first, who never said hello before that, the own machine's pages last", () => {
  const idle = (viewer: string, agoMs: number, own = false) =>
    seat(viewer, { own, presence: { kind: "shown", sinceMs: NOW_MS - agoMs } });
  const [own, shorter, longer] = [
    idle("own", 900_000, true),
    idle("shorter", 70_000),
    idle("longer", 80_000),
  ];
  const mute = seat("mute", { takenMs: NOW_MS - 2_000, presence: { kind: "greeting" } });
  const active = seats(MAX_VIEWERS - 1);
  const first = (...some: Seat<string>[]) => {
    const seating = find(STRANGER, [...active, ...some]);
    return seating.kind === "instead-of" ? seating.viewer : seating.kind;
  };
  assert.equal(first(own, shorter, longer, mute), "mute");
  assert.equal(first(own, shorter, longer), "longer");
  assert.equal(first(own, shorter), "shorter");
  assert.equal(first(own), "own");
});

Deno.test("H11: of an address that has all its seats, only its own idle viewer gives way", () => {
  const { from } = STRANGER;
  const idle = { presence: { kind: "shown", sinceMs: 0 } } as const;
  const active = seats(MAX_VIEWERS_PER_ADDRESS - 1, { from });
  const elsewhere = seat("elsewhere", idle);
  assert.deepEqual(find(STRANGER, [...active, seat("same", { ...idle, from }), elsewhere]), {
    kind: "instead-of",
    viewer: "same",
  });
  assert.deepEqual(find(STRANGER, [...active, seat("same", { from }), elsewhere]), {
    kind: "full",
    why: "address",
  });
});
