import assert from "node:assert/strict";
import { buildGraph } from "./build.ts";
import { NotCovered } from "./not_covered.ts";
import { ModelWriter } from "./testing/model_writer.ts";

Deno.test("buildGraph() refuses with all that is not covered, and names the first three", () => {
  const writer = new ModelWriter(1);
  writer.input(4, 4);
  for (const name of ["a", "b", "c", "d", "e"]) writer.add("Lambda", { name });
  assert.throws(
    () => buildGraph({ layers: writer.layers, weights: writer.weights, logitsLayer: "e" }),
    (error) => {
      assert.ok(error instanceof NotCovered);
      assert.equal(error.items.length, 5);
      assert.match(error.items[4] ?? "", /the class of layer e, .*, got Lambda, whose code is never run/u);
      assert.match(
        error.message,
        /^Cannot load the model: .*layer a.*; .*layer b.*; .*layer c.*; and 2 more$/u,
      );
      return true;
    },
  );
});
