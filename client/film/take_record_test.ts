/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { readSidecar } from "../../shared/read_sidecar.ts";
import type { Sidecar } from "../../shared/sidecar.ts";
import type { Seen } from "../stage/seen.ts";
import { factsOf, SEEN } from "./testing/seen_frames.ts";
import { type SidecarHead, TakeRecord } from "./take_record.ts";

const HEAD: SidecarHead = {
  created: "2026-01-31T12:00:00.000Z",
  model: { id: "tiny", name: "Tiny" },
  drawn: false,
};
const LANDSCAPE = { width: 640, height: 480 };
const PORTRAIT = { width: 480, height: 640 };

async function sidecarOf(record: TakeRecord): Promise<Sidecar> {
  const end = { ...LANDSCAPE, durationS: 2, markers: [{ t: 9, name: "late" }] };
  return readSidecar(await record.finish(HEAD, end));
}

Deno.test("TakeRecord asks nothing of the page at its end: scale, view, labels and name are those of the pictures", async () => {
  const record = new TakeRecord();
  record.add(0, LANDSCAPE, SEEN, factsOf(1));
  // The camera was unplugged: the last picture of it has no scale and no map any more.
  const gone = { ...SEEN, shading: null, methodName: "", modelName: "" };
  record.add(1, LANDSCAPE, gone, null);
  const sidecar = await sidecarOf(record);
  assert.deepEqual(sidecar.frames.map(({ scale }) => scale), [{ low: 0, high: 4 }, null]);
  assert.equal(sidecar.views[sidecar.frames[0]?.view ?? -1]?.method, "grad-cam");
  assert.deepEqual([sidecar.labels, sidecar.sharedNames], [{ "7": "cup, mug" }, [7]]);
  assert.equal(record.name, "cup (7), Grad-CAM");
  assert.deepEqual(sidecar.markers, [{ t: 2, name: "late" }]);
});

Deno.test("TakeRecord says a view once, and a new one where the picture is turned or the method changes", async () => {
  const record = new TakeRecord();
  const saliency: Seen = {
    ...SEEN,
    view: { ...SEEN.view, revision: 2, method: "saliency" },
    methodName: "Saliency",
    unit: "logits per pixel",
    shading: { colormap: "turbo", range: { low: 1, high: 2 }, signed: false, floor: 0 },
  };
  record.add(0, LANDSCAPE, SEEN, factsOf(1));
  record.add(0.1, LANDSCAPE, SEEN, factsOf(2));
  record.add(0.2, PORTRAIT, SEEN, factsOf(3));
  record.add(0.3, PORTRAIT, saliency, factsOf(4, saliency));
  record.add(0.4, LANDSCAPE, SEEN, factsOf(5));
  const { views, frames } = await sidecarOf(record);
  assert.deepEqual(frames.map(({ view }) => view), [0, 0, 1, 2, 0]);
  assert.deepEqual(views.map(({ name, unit, picture }) => [name, unit, picture]), [
    ["Grad-CAM", "logits", [640, 480]],
    ["Grad-CAM", "logits", [480, 640]],
    ["Saliency", "logits per pixel", [480, 640]],
  ]);
  assert.deepEqual(frames[3]?.scale, { low: 1, high: 2 });
  assert.equal(record.name, "cup (7), Grad-CAM");
});

Deno.test("TakeRecord writes a map once, however many pictures show it", async () => {
  const record = new TakeRecord();
  const first = factsOf(1);
  record.add(0, LANDSCAPE, SEEN, first);
  record.add(0.1, LANDSCAPE, SEEN, first);
  record.add(0.2, LANDSCAPE, SEEN, factsOf(2));
  const { frames } = await sidecarOf(record);
  assert.deepEqual(frames.map(({ map, frame }) => [map === null, frame]), [[false, 1], [true, 1], [
    false,
    2,
  ]]);
  assert.deepEqual(frames[0]?.predictions, [[7, 0.5124]]);
});

Deno.test("TakeRecord says where the network was not sure", async () => {
  const record = new TakeRecord();
  record.add(0, LANDSCAPE, SEEN, factsOf(1));
  record.add(1, LANDSCAPE, SEEN, factsOf(2, SEEN, ""));
  assert.deepEqual((await sidecarOf(record)).frames.map(({ unsure }) => unsure), [undefined, true]);
  assert.equal(record.name, "Not sure, Grad-CAM");
});

Deno.test("TakeRecord says which model explains each part where it is another one than that of the beginning", async () => {
  const record = new TakeRecord();
  const cats: Seen = {
    ...SEEN,
    view: { ...SEEN.view, revision: 2, model: "cats" },
    ...{ model: { id: "cats", name: "Cats" }, modelName: "Cats", sharedNames: [] },
  };
  const lynx = factsOf(2, cats, "lynx");
  record.add(0, LANDSCAPE, SEEN, factsOf(1));
  record.add(1, LANDSCAPE, cats, { ...lynx, result: lynx.result && { ...lynx.result, model: "cats" } });
  record.add(2, LANDSCAPE, SEEN, factsOf(3));
  const { model, views, frames, labels, otherLabels, sharedNames } = await sidecarOf(record);
  assert.deepEqual(frames.map(({ view }) => views[view]?.model ?? model), [
    ...[{ id: "tiny", name: "Tiny" }, { id: "cats", name: "Cats" }, { id: "tiny", name: "Tiny" }],
  ]);
  assert.equal(views.length, 2);
  assert.deepEqual([labels, otherLabels, sharedNames], [{ "7": "cup, mug" }, { "7@cats": "lynx" }, [7]]);
});
