/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { type MapFacts, mapStatus, STALE_MS, statusWords } from "./map_status.ts";

const LIVE: MapFacts = {
  hasMap: true,
  isCurrent: true,
  still: false,
  ofHeldPicture: false,
  progress: 1,
  complete: true,
  known: 1,
  empty: false,
  clarity: "clear",
  inColours: false,
  silent: false,
  ageMs: 40,
  progressive: false,
};

Deno.test("mapStatus() follows a moving picture and says when the map stays behind", () => {
  assert.equal(mapStatus(LIVE).kind, "live");
  assert.equal(mapStatus({ ...LIVE, ageMs: STALE_MS + 1 }).kind, "stale");
  assert.equal(mapStatus({ ...LIVE, ageMs: STALE_MS + 1, progressive: true }).kind, "live");
});

Deno.test("mapStatus() says how much of a growing map is known while the picture moves, and calls only all of it live", () => {
  const moving = { ...LIVE, progressive: true, complete: false };
  assert.equal(mapStatus(moving).kind, "live");
  assert.deepEqual(mapStatus({ ...moving, known: 0.25 }), { kind: "partial", known: 0.25 });
  // What is not known is no evidence of anything.
  assert.equal(mapStatus({ ...moving, known: 0, empty: true }).kind, "partial");
  assert.equal(mapStatus({ ...moving, known: 0.25, still: true, ofHeldPicture: true }).kind, "growing");
  assert.equal(
    statusWords({ kind: "partial", known: 0.255 }, "cup", ""),
    "moving picture, 25 % known: freeze to see all",
  );
});

Deno.test("mapStatus() never calls the map of a held picture stale", () => {
  const held = { ...LIVE, still: true, ofHeldPicture: true, ageMs: 1e6 };
  assert.equal(mapStatus(held).kind, "complete");
  assert.deepEqual(mapStatus({ ...held, complete: false, progress: 0.4 }), {
    kind: "growing",
    progress: 0.4,
  });
  assert.deepEqual(mapStatus({ ...held, ofHeldPicture: false }), { kind: "growing", progress: 0 });
});

Deno.test("mapStatus() says when there is no evidence, once the map is there", () => {
  assert.equal(mapStatus({ ...LIVE, empty: true }).kind, "empty");
  assert.equal(mapStatus({ ...LIVE, hasMap: false, empty: true }).kind, "waiting");
  assert.equal(mapStatus({ ...LIVE, isCurrent: false }).kind, "waiting");
});

Deno.test("mapStatus() never calls a picture of the network stale, and says how far it is while the camera moves", () => {
  const picture = { ...LIVE, inColours: true, progressive: true, ageMs: 1e6 };
  assert.deepEqual(mapStatus({ ...picture, complete: false, progress: 0.4 }), {
    kind: "growing",
    progress: 0.4,
  });
  assert.equal(mapStatus(picture).kind, "finished");
  assert.equal(mapStatus({ ...picture, still: true }).kind, "finished");
  assert.equal(mapStatus({ ...picture, isCurrent: false }).kind, "stale");
});

Deno.test("T7: mapStatus() says that what was to be raised never answered, once the picture is finished", () => {
  const picture = { ...LIVE, inColours: true, silent: true };
  assert.equal(mapStatus(picture).kind, "silent");
  assert.equal(mapStatus({ ...picture, still: true }).kind, "silent");
  assert.equal(mapStatus({ ...picture, complete: false, progress: 0.9 }).kind, "growing");
  assert.match(statusWords({ kind: "silent" }, "goldfish", ""), /another seed/);
});

Deno.test("statusWords() names the class that has no evidence", () => {
  assert.equal(statusWords({ kind: "empty" }, "goldfish", ""), "no evidence for goldfish");
});

Deno.test("mapStatus() says that no place is clear, once the map is there and holds evidence", () => {
  const held = { ...LIVE, still: true, ofHeldPicture: true, clarity: "noise" } as const;
  assert.deepEqual(mapStatus(held), { kind: "unclear", clarity: "noise", still: true });
  assert.equal(mapStatus({ ...held, still: false }).kind, "unclear");
  assert.equal(mapStatus({ ...held, complete: false }).kind, "growing");
  assert.equal(mapStatus({ ...held, empty: true }).kind, "empty");
});

Deno.test("statusWords() calls no map exact that is made of samples", () => {
  assert.equal(statusWords({ kind: "complete" }, "cup", ""), "complete, exact for this picture");
  assert.equal(statusWords({ kind: "complete" }, "cup", "500 masks"), "complete, 500 masks");
  assert.equal(statusWords({ kind: "live" }, "cup", "12 masks"), "live, 12 masks");
  assert.match(
    statusWords({ kind: "unclear", clarity: "points", still: true }, "cup", "25 samples"),
    /^complete, 25 samples; no clear place: /,
  );
  assert.match(
    statusWords({ kind: "unclear", clarity: "points", still: false }, "cup", ""),
    /^live; no clear place: /,
  );
});
