/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { oneCellTile } from "../../shared/testing/one_cell_tile.ts";
import { addTile } from "./cell_map.ts";
import { MapObservers } from "./map_observers.ts";

const MAP = addTile(null, oneCellTile({ classIndex: 7, values: new Float32Array([0.5]) }), 0);

Deno.test("MapObservers report finished maps until an observer leaves", () => {
  assert.ok(MAP !== null);
  const observers = new MapObservers();
  const heard: string[] = [];
  observers.add({ explained: (frame) => heard.push(`first ${frame}`) });
  const leave = observers.add({ explained: (frame, map) => heard.push(`second ${frame} of ${map.frame}`) });
  observers.explained(1, MAP);
  leave();
  observers.explained(2, MAP);
  assert.deepEqual(heard, ["first 1", "second 1 of 1", "first 2"]);
});
