import assert from "node:assert/strict";
import { type MapName, namesFor } from "./_outputs.ts";

function map(image: string, method = "cam", classText = "top1", picture = 0): MapName {
  return { picture, image, method, classText };
}

/** One map of each picture. */
function mapsOf(...images: string[]): MapName[] {
  return images.map((image, picture) => map(image, "cam", "top1", picture));
}

Deno.test("namesFor() keeps the name for one map and puts into it what there are several of", () => {
  assert.deepEqual(namesFor("a/out.png", [map("cat.jpg")]), ["a/out.png"]);
  assert.deepEqual(namesFor("a/out.png", mapsOf("cat.jpg", "b/dog.png")), [
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
      map("d.jpg", "cam", "Tiger cat, Felis", 1),
      map("d.jpg", "rise", "top1", 1),
    ]),
    ["m-c-cam-top1.npy", "m-d-cam-tiger-cat-felis.npy", "m-d-rise-top1.npy"],
  );
});

Deno.test("namesFor() tells pictures of one name apart by their folders, and by numbers where those are the same", () => {
  const names = namesFor(
    "m.npy",
    mapsOf("cat.jpg", "a/cat.jpg", "b/Cat.png", "b/cat.jpg", "b/cat.jpg", "x/a/cat.jpg"),
  );
  assert.deepEqual(names, [
    "m-cat.npy",
    "m-a-cat.npy",
    "m-b-Cat.npy",
    "m-b-cat-2.npy",
    "m-b-cat-3.npy",
    "m-a-cat-2.npy",
  ]);
});

Deno.test("namesFor() makes names that every file system takes, each another one", () => {
  const names = namesFor(
    "out.png",
    mapsOf(
      "😀.jpg",
      "🎉.jpg",
      "a:b?.png",
      "..png",
      "été.jpg",
      "e\u0301te\u0301.png",
      `${"x".repeat(300)}.jpg`,
    ),
  );
  assert.deepEqual(names.slice(0, 6), [
    "out-picture.png",
    "out-picture-2.png",
    "out-a-b.png",
    "out-picture-3.png",
    "out-été.png",
    "out-été-2.png",
  ]);
  assert.ok(names.every((name) => name.length <= 80 && /^[\p{L}\p{N}._ -]+$/u.test(name)));
  assert.deepEqual(
    namesFor("m.npy", [map("c.jpg", "cam", "😀"), map("c.jpg", "cam", "Cup!"), map("c.jpg", "cam", "cup")]),
    [
      "m-class.npy",
      "m-cup.npy",
      "m-cup-2.npy",
    ],
  );
});
