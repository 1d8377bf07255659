/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { recordedOf } from "./recorded.ts";
import { TakeRecord } from "../../film/take_record.ts";
import { factsOf, SEEN } from "../../film/testing/seen_frames.ts";

const HEAD = { created: "2026-01-31T12:00:00.000Z", model: { id: "tiny", name: "Tiny" }, drawn: false };
const SIZE = { width: 640, height: 480 };

Deno.test("recordedOf() ends the sidecar with the last picture that was encoded", async () => {
  const record = new TakeRecord();
  for (const seconds of [0, 0.1, 0.2, 0.3]) record.add(seconds, SIZE, SEEN, factsOf(1));
  const lastS = 0.2;
  const recorded = recordedOf({
    ...SIZE,
    media: new Blob(["film"]),
    thumbnail: new Blob(),
    sidecar: await record.finish(HEAD, { ...SIZE, durationS: 0.25, markers: [] }),
    name: record.name,
    lastS,
    durationS: 0.25,
  }, { createdMs: 7, means: "browser" });
  assert.deepEqual(recorded.sidecar.frames.map(({ t }) => t), [0, 0.1, 0.2]);
  assert.deepEqual([recorded.durationMs, recorded.createdMs, recorded.means], [250, 7, "browser"]);
});
