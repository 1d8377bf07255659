import assert from "node:assert/strict";
import { clockTime, contentsText } from "./_video_text.ts";
import { VideoSpans } from "../../shared/video_spans.ts";

/** A letter for each frame's first class, `?` where the network is not sure; ten frames a second. */
function contents(script: string) {
  const spans = new VideoSpans();
  for (const [at, letter] of [...script].entries()) {
    const unsure = letter === "?";
    const label = unsure ? "x" : letter;
    spans.take(
      { index: label.charCodeAt(0), label, logit: 1, probability: unsure ? 0.1 : 0.8 },
      unsure,
      at / 10,
    );
  }
  return spans.contents(script.length / 10);
}

Deno.test("VideoSpans finds what stays first, and counts every frame", () => {
  const { spans, classes, unsureFrames, frames } = contents("aaaaaabbbbbb??aaaaaa");
  assert.deepEqual(spans.map(({ label, fromS, toS }) => [label, fromS, Number(toS.toFixed(3))]), [
    ["a", 0, 0.6],
    ["b", 0.6, 1.2],
    ["a", 1.4, 2],
  ]);
  assert.deepEqual(classes.map(({ label, frames }) => [label, frames]), [["a", 12], ["b", 6], ["x", 2]]);
  assert.deepEqual([unsureFrames, frames], [2, 20]);
});

Deno.test("contentsText() prints classes by time, and says so where none lasts", () => {
  const text = contentsText(contents("aaaaaabbbbbb??"), { video: "v.mp4", model: "M", endS: 64.26 });
  assert.match(text, /^v\.mp4 · M · 14 frames, 1:04\.3\n/);
  assert.match(text, /0:00\.0 – 0:00\.6 +a +80\.0 % +6 frames\n0:00\.6 – 0:01\.2 +b /);
  assert.match(text, /First in frames: a 42\.9 %, b 42\.9 %, x 14\.3 %\.\nNot sure in 2 frames\./);
  assert.match(contentsText(contents("abab"), { video: "v", model: "M", endS: 1 }), /No class stayed first/);
  assert.equal(clockTime(3_661.04), "61:01.0");
});
