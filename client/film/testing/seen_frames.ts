/** What the tests of films see: a cup, explained by Grad-CAM. */
import assert from "node:assert/strict";
import type { Result } from "../../../shared/protocol.ts";
import { addTile, type CellMap } from "../../map/cell_map.ts";
import type { Seen } from "../../stage/seen.ts";
import type { FrameFacts } from "../take_record.ts";

export const SEEN: Seen = {
  view: { revision: 1, method: "grad-cam", target: { kind: "rank", rank: 1 }, options: {} },
  methodName: "Grad-CAM",
  modelName: "Tiny",
  model: { id: "tiny", name: "Tiny" },
  signed: false,
  unit: "logits",
  shading: { colormap: "viridis", range: { low: 0, high: 4 }, signed: false, floor: 0 },
  opacity: 0.7,
  network: false,
  mirrored: false,
  aspect: 1,
  sentence: null,
  sharedNames: [7],
};

/** A map of two cells: 0, and the frame's number. */
export function mapOf(frame: number): CellMap {
  const map = addTile(null, {
    ...{ pane: 0, frame, revision: 1, classIndex: 7, mapHeight: 1, mapWidth: 2, row: 0, column: 0 },
    ...{ rows: 1, columns: 2, progress: 1, complete: true, costMs: 1, samples: null },
    values: Float32Array.of(0, frame),
  }, 0);
  assert.ok(map !== null);
  return map;
}

/** A result of one class; it is unsure where the class has no name. */
export function resultOf(frame: number, label: string): Result {
  const cup = { index: 7, label, logit: 2, probability: 0.51239 };
  return {
    ...{
      type: "result",
      frame,
      revision: 1,
      model: "tiny",
      predictions: [cup],
      ranking: { rows: [cup], unsure: label === "" },
      target: cup,
    },
    ...{ times: { captured: 0, queued: 0, compute: 1, server: 2 }, dropped: { slow: 0, superseded: 0 } },
  };
}

/** What is known of a frame whose map and result are there. */
export function factsOf(frame: number, seen: Seen = SEEN, label = "cup, mug"): FrameFacts {
  return { frame, map: mapOf(frame), result: resultOf(frame, label), seen };
}
