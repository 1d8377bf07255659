import assert from "node:assert/strict";
import { namesFor } from "./_outputs.ts";

Deno.test("namesFor() keeps the name for one image and puts each image's into it for several", () => {
  assert.deepEqual(namesFor("a/out.png", ["cat.jpg"]), ["a/out.png"]);
  assert.deepEqual(namesFor("a/out.png", ["cat.jpg", "b/dog.png"]), ["a/out-cat.png", "a/out-dog.png"]);
});
