import assert from "node:assert/strict";
import { type MapName, namesFor } from "./_outputs.ts";

function map(image: string, method = "cam", classText = "top1"): MapName {
  return { image, method, classText };
}

Deno.test("namesFor() keeps the name for one map and puts into it what there are several of", () => {
  assert.deepEqual(namesFor("a/out.png", [map("cat.jpg")]), ["a/out.png"]);
  assert.deepEqual(namesFor("a/out.png", [map("cat.jpg"), map("b/dog.png")]), [
    "a/out-cat.png",
    "a/out-dog.png",
  ]);
  assert.deepEqual(namesFor("m.npy", [map("cat.jpg"), map("cat.jpg", "occlusion")]), [
    "m-cam.npy",
    "m-occlusion.npy",
  ]);
  assert.deepEqual(
    namesFor("m.npy", [
      map("c.jpg", "cam", "top1"),
      map("d.jpg", "cam", "Tiger cat, Felis"),
      map("d.jpg", "rise"),
    ]),
    ["m-c-cam-top1.npy", "m-d-cam-tiger-cat-felis.npy", "m-d-rise-top1.npy"],
  );
});
