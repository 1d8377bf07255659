/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { planFile } from "./file_plan.ts";

const bytes = (text: string) => Uint8Array.from([...text].map((letter) => letter.charCodeAt(0)));
const UNKNOWN = bytes("nothing that is known");

Deno.test("planFile() goes by the bytes, whatever name and type say", () => {
  assert.deepEqual(planFile(bytes("GIF89a"), { name: "film.mp4", type: "video/mp4" }), {
    kind: "photo",
    format: "gif",
  });
  assert.deepEqual(planFile(bytes("\x1a\x45\xdf\xa3"), { name: "photo.jpg", type: "image/jpeg" }), {
    kind: "video",
  });
});

Deno.test("planFile() lets the browser try what only the type calls a video", () => {
  assert.deepEqual(planFile(UNKNOWN, { name: "a.xyz", type: "video/xyz" }), { kind: "video" });
});

Deno.test("planFile() says what a file that it refuses is, and what to do", () => {
  const words = (head: Uint8Array) => {
    const plan = planFile(head, { name: "a.tif", type: "image/tiff" });
    return plan.kind === "refused" ? plan.words : plan.kind;
  };
  assert.match(words(bytes("II*\0")), /^“a\.tif” is TIFF, which cannot be opened here\. Convert it/);
  assert.match(words(UNKNOWN), /^“a\.tif” is not a photo or a video that can be opened\. Choose a JPEG/);
  assert.match(words(new Uint8Array()), /is not a photo or a video/);
});
