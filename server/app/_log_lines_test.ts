import assert from "node:assert/strict";
import { smallMap } from "../../shared/small_map.ts";
import type { LogEntry } from "../store/mod.ts";
import { CSV_HEAD, csvLine, entryDocument } from "./_log_lines.ts";

const ENTRY: LogEntry = {
  id: 1,
  startMs: 0,
  endMs: 1_000,
  frames: 4,
  classIndex: 1,
  label: "cup",
  method: "grad-cam",
  modelId: "tiny",
  modelName: "tiny",
  modelHash: "",
  taughtHead: null,
  peak: 0.9,
  mean: 0.8,
  map: smallMap({ height: 2, width: 4, values: Float32Array.of(0, 0, 9, 0, 0, 0, 6, 0) }),
};

function boxOf(entry: LogEntry): readonly string[] {
  const columns = CSV_HEAD.trim().split(",");
  const fields = csvLine(entry).trim().split(",");
  return columns.flatMap((column, place) => column.startsWith("box_") ? [fields[place] ?? ""] : []);
}

Deno.test("L6: an entry's last columns are the box around the strongest region of its map", () => {
  assert.deepEqual(boxOf(ENTRY), ["0.5000", "0.0000", "0.7500", "1.0000"]);
  assert.deepEqual(entryDocument(ENTRY).box, { left: 0.5, top: 0, right: 0.75, bottom: 1 });
});

Deno.test("L6: a map without evidence, of the network, or none at all has no box", () => {
  const flat = smallMap({ height: 1, width: 1, values: Float32Array.of(-1) });
  for (
    const entry of [{ ...ENTRY, map: null }, { ...ENTRY, map: flat }, { ...ENTRY, method: "activations" }]
  ) {
    assert.deepEqual(boxOf(entry), ["", "", "", ""]);
    assert.equal(entryDocument(entry).box, null);
  }
});
