import assert from "node:assert/strict";
import { filmSides } from "./film_sides.ts";
import { factsOf } from "./probe.ts";

/** What ffprobe prints of a video. */
function probed(video: object, format: object = { duration: "10.0" }): string {
  return JSON.stringify({
    streams: [{ codec_type: "video", width: 1_280, height: 720, avg_frame_rate: "30/1", ...video }],
    format,
  });
}

Deno.test("factsOf() turns the sides as the metadata says, and makes pixels square", () => {
  const sides = (video: object) => {
    const { width, height } = factsOf(probed(video));
    return [width, height];
  };
  assert.deepEqual(sides({}), [1_280, 720]);
  assert.deepEqual(sides({ side_data_list: [{ rotation: -90 }] }), [720, 1_280]);
  assert.deepEqual(sides({ side_data_list: [{ side_data_type: "x" }, { rotation: 180 }] }), [1_280, 720]);
  assert.deepEqual(sides({ tags: { rotate: "270" } }), [720, 1_280]);
  assert.deepEqual(sides({ width: 720, height: 576, sample_aspect_ratio: "16:11" }), [1_047, 576]);
});

Deno.test("factsOf() refuses what is too long, too large or without a picture, and says what to do", () => {
  const cases: [string, RegExp][] = [
    [probed({}, { duration: "10800" }), /expected 60 minutes at most, got 180\. Cut it/],
    [probed({ nb_frames: "500000" }), /expected 108000 frames at most, got 500000/],
    [probed({ avg_frame_rate: "240/1" }, { duration: "3000" }), /108000 frames at most, got 720000/],
    [probed({ width: 16_000 }), /expected sides of 8192 pixels at most, got 16000 × 720/],
    [probed({ disposition: { attached_pic: 1 } }), /there is no picture in it/],
    ["{}", /there is no picture in it/],
  ];
  for (const [text, message] of cases) assert.throws(() => factsOf(text), { name: "VideoError", message });
});

Deno.test("factsOf() knows no length where the file says none", () => {
  const { durationS, frames, rate, sound } = factsOf(probed({ avg_frame_rate: "0/0" }, {}));
  assert.deepEqual([durationS, frames, rate, sound], [null, null, null, null]);
});

Deno.test("filmSides() is even and at most full HD, whichever way the video lies", () => {
  const sides = (width: number, height: number) => Object.values(filmSides({ width, height }));
  assert.deepEqual(sides(1_280, 720), [1_280, 720]);
  assert.deepEqual(sides(3_840, 2_160), [1_920, 1_080]);
  assert.deepEqual(sides(2_160, 3_840), [1_080, 1_920]);
  assert.deepEqual(sides(161, 121), [162, 122]);
  assert.deepEqual(sides(8_192, 2), [1_920, 2]);
});
