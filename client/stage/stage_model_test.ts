/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { signal } from "@preact/signals";
import type { MethodInfo, ReadRanking, View } from "../../shared/protocol.ts";
import type { CameraState } from "../picture/camera_state.ts";
import type { SourceKind } from "../picture/source_kind.ts";
import { dimmed } from "../map/dimming.ts";
import { StageModel } from "./stage_model.ts";

const VIEW: View = { revision: 1, method: "grad-cam", target: { kind: "rank", rank: 1 }, options: {} };
const METHODS = [{ id: "grad-cam", subject: "picture" }, {
  id: "maximise",
  subject: "network",
}] as unknown as readonly MethodInfo[];

function parts() {
  const view = signal(VIEW);
  const ranking = signal<ReadRanking>({ rows: [], unsure: false });
  const camera = signal<CameraState>({ phase: "off" });
  const source = signal<SourceKind>({ kind: "none" });
  const stage = new StageModel({
    view: () => view.value,
    cover: () => view.value.cover ?? null,
    methods: () => METHODS,
    ranking: () => ranking.value,
    opacity: () => 0.6,
    mirrors: () => [],
    camera: { state: camera },
    source: { kind: source },
  });
  return { view, ranking, camera, source, stage };
}

Deno.test("StageModel dims the map of an unsure guess, and never one of the network", () => {
  const { view, ranking, stage } = parts();
  assert.equal(stage.mapOpacity.value, 0.6);
  ranking.value = { rows: [], unsure: true };
  assert.deepEqual([stage.mapDimmed.value, stage.mapOpacity.value], [true, dimmed(0.6, true)]);
  view.value = { ...VIEW, method: "maximise" };
  assert.deepEqual([stage.mapDimmed.value, stage.network.value, stage.mapOpacity.value], [false, true, 1]);
});

Deno.test("StageModel hides the map by itself and behind an enlarged channel", () => {
  const { stage } = parts();
  stage.enlarged.value = { layer: "head_relu6", channel: 3, map: null };
  assert.equal(stage.mapOpacity.value, 0);
  stage.enlarged.value = null;
  stage.mapHidden.value = true;
  assert.equal(stage.mapOpacity.value, 0);
});

Deno.test("StageModel mirrors a camera that faces people while it is the picture, and nothing else", () => {
  const { camera, source, stage } = parts();
  camera.value = { phase: "on", deviceId: "a", label: "Front", facing: "user" };
  assert.equal(stage.mirrored.value, false);
  source.value = { kind: "camera", name: "Front" };
  assert.equal(stage.mirrored.value, true);
  camera.value = { phase: "on", deviceId: "a", label: "Back", facing: "environment" };
  assert.equal(stage.mirrored.value, false);
});
