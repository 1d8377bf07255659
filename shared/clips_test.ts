import assert from "node:assert/strict";
import { cleanClipName, clipFileName, clipNameMatches, clipTypeOf, sniffClip } from "./clips.ts";

Deno.test("clipTypeOf() takes the two containers, whatever their parameters", () => {
  assert.equal(clipTypeOf("video/webm;codecs=vp9"), "video/webm");
  assert.equal(clipTypeOf("Video/MP4"), "video/mp4");
  assert.equal(clipTypeOf("video/quicktime"), null);
  assert.equal(clipTypeOf(""), null);
});

Deno.test("sniffClip() knows a container by its first bytes", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  assert.equal(sniffClip(bytes("\0\0\0 ftypisom")), "video/mp4");
  assert.equal(sniffClip(new Uint8Array([0x1a, 0x45, 0xdf, 0xa3, 1])), "video/webm");
  assert.equal(sniffClip(bytes("GIF89a      ")), null);
  assert.equal(sniffClip(new Uint8Array()), null);
});

Deno.test("cleanClipName() makes one short line and never nothing", () => {
  assert.equal(cleanClipName("  a\nb\u202ec "), "a b c");
  assert.equal(cleanClipName(" \0 "), "Clip");
  assert.equal(cleanClipName("x".repeat(500)).length, 120);
  assert.ok(cleanClipName("x".repeat(119) + "😀").isWellFormed());
});

Deno.test("clipNameMatches() wants every word", () => {
  assert.ok(clipNameMatches("Cup of Espresso", "ESP cup"));
  assert.ok(clipNameMatches("Cup", "  "));
  assert.ok(clipNameMatches("CAFE\u0301 au lait", "caf\u00e9"));
  assert.ok(!clipNameMatches("Cup of tea", "cup espresso"));
});

Deno.test("clipFileName() leaves out what leads out of a folder or file systems do not take", () => {
  assert.equal(clipFileName("../../etc/passwd", "video/mp4"), "-..-etc-passwd.mp4");
  assert.equal(clipFileName('a"b: c?', "video/webm"), "a-b- c-.webm");
  assert.equal(clipFileName("...", "application/json"), "Clip.json");
});
