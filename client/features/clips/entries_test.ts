/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import type { StoredClipMessage } from "../../../shared/clip_wire.ts";
import { findClips, mergeClips, placeWords } from "./entries.ts";
import type { ClipInfo } from "./shelf/shelf.ts";

const FACTS = {
  name: "Cup",
  type: "video/mp4",
  bytes: 9,
  sidecarBytes: 0,
  durationMs: 1_000,
  width: 640,
  height: 480,
  createdMs: 1,
  pinned: false,
} as const;

const thumbnail = new Blob();
const local = (id: string, some: Partial<ClipInfo> = {}): ClipInfo => ({
  ...FACTS,
  id,
  thumbnail,
  upload: null,
  ...some,
});
const stored = (id: string, some: Partial<StoredClipMessage> = {}): StoredClipMessage => ({
  ...FACTS,
  id,
  ...some,
});
const uploaded = (id: string, done = true) => ({ upload: { id, token: "t", done } });

Deno.test("mergeClips() makes one entry of a clip that lies in both places", () => {
  const entries = mergeClips(
    [local("a", uploaded("s1")), local("b"), local("c", uploaded("gone")), local("d", uploaded("s2", false))],
    [stored("s1", { pinned: true }), stored("s3")],
  );
  assert.deepEqual(entries.map((entry) => [entry.key, placeWords(entry), entry.pinned]), [
    ["a", "In this browser and on the server", true],
    ["b", "In this browser", false],
    ["c", "In this browser", false],
    ["d", "In this browser", false],
    ["s3", "On the server", false],
  ]);
});

Deno.test("mergeClips() puts pinned clips first, then the newest", () => {
  const entries = mergeClips(
    [local("old"), local("new", { createdMs: 9 })],
    [stored("middle", { createdMs: 5 }), stored("pinned", { createdMs: 0, pinned: true })],
  );
  assert.deepEqual(entries.map(({ key }) => key), ["pinned", "new", "middle", "old"]);
});

Deno.test("findClips() looks for every word", () => {
  const entries = mergeClips([local("a", { name: "Espresso cup" }), local("b")], []);
  assert.deepEqual(findClips(entries, "cup esp").map(({ key }) => key), ["a"]);
  assert.equal(findClips(entries, " ").length, 2);
});
