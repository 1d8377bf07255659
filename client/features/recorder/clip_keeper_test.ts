/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { EMPTY_SIDECAR } from "../../../tests/support/sidecar.ts";
import { ClipKeeper } from "./clip_keeper.ts";
import type { KeepOutcome } from "./ports.ts";
import type { Preview } from "./recorder_state.ts";
import type { FinishedClip } from "../../film/finished_clip.ts";

const PREVIEW: Preview = {
  kind: "preview",
  recorded: {
    media: new Blob(["film"], { type: "video/mp4" }),
    sidecar: EMPTY_SIDECAR,
    thumbnail: new Blob(["jpeg"]),
    durationMs: 5_000,
    width: 640,
    height: 480,
    createdMs: 1_000,
    means: "exact",
  },
  cause: "asked",
  name: "Cup",
  ...{ fromMs: 0, toMs: 5_000, keeping: true, problem: "" },
};

async function keepWith(keep: (clip: FinishedClip) => Promise<KeepOutcome>) {
  return await new ClipKeeper(keep).keep(PREVIEW);
}

Deno.test("ClipKeeper hands over the whole of a recording with its sidecar", async () => {
  const clips: FinishedClip[] = [];
  assert.deepEqual(
    await keepWith((clip) => {
      clips.push(clip);
      return Promise.resolve("kept");
    }),
    { kind: "kept" },
  );
  const [clip] = clips;
  assert.equal(await clip?.media.text(), "film");
  assert.deepEqual(JSON.parse(await clip?.sidecar.text() ?? ""), EMPTY_SIDECAR);
  assert.deepEqual([clip?.name, clip?.durationMs, clip?.createdMs], ["Cup", 5_000, 1_000]);
});

Deno.test("ClipKeeper says what to do where there is no room, or where it fails otherwise", async () => {
  assert.deepEqual(await keepWith(() => Promise.resolve("full")), {
    kind: "not-kept",
    words: "There is no room for the clip in this browser. Save it as a file, or delete other clips.",
  });
  assert.deepEqual(await keepWith(() => Promise.reject(new Error("no database"))), {
    kind: "not-kept",
    words: "The clip could not be kept. Save it as a file instead.",
  });
});
