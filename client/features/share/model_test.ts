/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { signal } from "@preact/signals";
import type { StageState } from "../../../shared/remote.ts";
import { type FeatureMessage, StreamObservers } from "../../live/stream_observers.ts";
import { createShare } from "./model.ts";

const STAGE: StageState = {
  colormap: "viridis",
  opacity: 0.7,
  mapHidden: false,
  frozen: false,
  recording: false,
  presenting: false,
  mirrored: false,
};
const ANSWER: FeatureMessage = { type: "shared", watch: "abc", remote: "def", watchers: 0, addresses: [] };
const KEY = "0123456789abcdef0123456789abcdef";

/** A tab's storage that begins with what is given. */
class MemoryStorage {
  readonly items: Map<string, string>;

  constructor(items: Readonly<Record<string, string>> = {}) {
    this.items = new Map(Object.entries(items));
  }

  getItem = (name: string) => this.items.get(name) ?? null;
  setItem = (name: string, value: string) => void this.items.set(name, value);
  removeItem = (name: string) => void this.items.delete(name);
}

function shareOf(storage = new MemoryStorage(), origin = "http://localhost:8000") {
  const reachable = signal(false);
  const stream = new StreamObservers();
  const keys: (string | null)[] = [];
  const stages: StageState[] = [];
  const stage = signal(STAGE);
  const live = signal(true);
  const share = createShare({
    observe: (one) => stream.add(one),
    isLive: () => live.value,
    origin,
    serverReachable: () => reachable.value,
    sendKey: (key) => keys.push(key),
    sendStage: (sent) => stages.push(sent),
    stage: () => stage.value,
    repeatStill: () => keys.push("still"),
    storage,
  });
  return { stream, keys, stages, stage, live, reachable, share, storage };
}

Deno.test("createShare() keeps a key for the tab, and asks every connection again under it (W1)", () => {
  const { stream, keys, share, storage } = shareOf();
  share.start();
  const [key, still] = keys;
  assert.match(key ?? "", /^[0-9a-f]{32}$/);
  assert.equal(still, "still");
  assert.deepEqual([...storage.items.values()], [key]);
  stream.connected();
  assert.deepEqual(keys, [key, "still", key]);
  share.stop();
  assert.equal(keys.at(-1), null);
  assert.equal(storage.items.size, 0);
  stream.connected();
  assert.equal(keys.length, 4);
});

Deno.test("createShare() continues what a reload interrupted, and takes no other text for a key", () => {
  const { stream, keys, share } = shareOf(new MemoryStorage({ "gradcast.show": KEY }));
  assert.equal(share.on.value, true);
  stream.connected();
  assert.deepEqual(keys, [KEY]);
  assert.equal(shareOf(new MemoryStorage({ "gradcast.show": "<b>" })).share.on.value, false);
});

Deno.test("createShare() reports the stage once the server has answered, at every change and reconnect (W5)", () => {
  const { stream, stages, stage, live, share } = shareOf();
  share.start();
  assert.deepEqual(stages, []);
  stream.message(ANSWER);
  assert.deepEqual(stages, [STAGE]);
  stage.value = { ...STAGE, frozen: true };
  live.value = false;
  live.value = true;
  assert.deepEqual(stages.map(({ frozen }) => frozen), [false, true, true]);
  share.stop();
  assert.equal(share.shared.value, null);
  stage.value = STAGE;
  assert.equal(stages.length, 3, "nobody watches any more");
});

Deno.test("W6: createShare() knows whether phones reach the server before anything is shared", () => {
  const own = shareOf();
  assert.equal(own.share.reachable.value, false);
  own.reachable.value = true;
  assert.equal(own.share.reachable.value, true);
  assert.equal(shareOf(new MemoryStorage(), "http://192.168.1.5:8000").share.reachable.value, true);
});
