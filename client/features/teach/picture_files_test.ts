/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { chosenFiles } from "../../ui/path_files.ts";
import { classesOf } from "./picture_files.ts";

/** A file as browsers make it. */
const file = (name: string, type = "image/jpeg", webkitRelativePath = "") =>
  Object.assign(new File(["x"], name, { type }), { webkitRelativePath });
const at = (path: string, type?: string) => ({ path, file: file(path.split("/").at(-1) ?? "", type) });
const read = (...paths: (readonly [string, string?])[]) =>
  classesOf(paths.map(([path, type]) => at(path, type))).map(({ name, files }) => [name, files.length]);

Deno.test("each folder of pictures is a class by its own name", () => {
  assert.deepEqual(
    read(["things/mug/1.jpg"], ["things/mug/2.jpg"], ["things/phone/1.jpg"]),
    [["mug", 2], ["phone", 1]],
  );
  assert.deepEqual(read(["mug/1.jpg"]), [["mug", 1]]);
});

Deno.test("pictures beside no folder belong to no named class", () => {
  assert.deepEqual(read(["1.jpg"], ["2.png", "image/png"]), [[null, 2]]);
  const names = (...files: File[]) => classesOf(chosenFiles(files)).map(({ name }) => name);
  assert.deepEqual(names(file("1.jpg")), [null]);
  assert.deepEqual(names(file("1.jpg", "image/jpeg", "mug/1.jpg")), ["mug"]);
});

Deno.test("what is no picture, and what systems leave in folders, is left out", () => {
  assert.deepEqual(
    read(["mug/notes.txt", "text/plain"], ["mug/.DS_Store", ""], ["__x/.y/1.jpg"], ["mug/photo.HEIC", ""]),
    [["mug", 1]],
  );
  assert.deepEqual(read(["notes.txt", "text/plain"]), []);
});
