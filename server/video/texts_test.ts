import assert from "node:assert/strict";
import { FrameTimes } from "./_frame_times.ts";
import { ffMetadata, subRip } from "./film_texts.ts";
import { ffmpegOf } from "./version.ts";

Deno.test("FrameTimes reads times, gives one to frames without, and lets none fall", () => {
  const times = new FrameTimes(0.04);
  const line = (pts: string) =>
    times.take(`[Parsed_showinfo_1 @ 0x5] n:   7 pts: ${pts} pts_time:9 pos:  48 fmt:rgb24`);
  assert.equal(times.take("[Parsed_showinfo_1 @ 0x5] config in time_base: 1/1000, frame_rate: 25/1"), null);
  assert.equal(times.take("frame=  20 fps=0.0 n: 3 pts: 4 showinfo"), null);
  assert.deepEqual([line("40"), line("  80"), line("NOPTS")], [0.04, 0.08, 0.12]);
  const late = line("100") ?? NaN;
  assert.ok(late > 0.12 && late < 0.1201, String(late));
});

Deno.test("subRip() and ffMetadata() write words on one line, without anybody's markup", () => {
  assert.equal(
    subRip([{ fromS: 0, toS: 3_661.5, words: "a <b>cup</b>\n\n90 %" }]),
    "1\n00:00:00,000 --> 01:01:01,500\na bcup/b 90 %\n",
  );
  assert.equal(
    ffMetadata({ title: "a=b;c", chapters: [{ fromS: 0, toS: 1.5, words: "x\n#y" }] }),
    ";FFMETADATA1\ntitle=a\\=b\\;c\n\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1500\ntitle=x \\#y\n",
  );
});

Deno.test("ffmpegOf() knows the flags of old and new versions, and the best encoder that is there", () => {
  const encoders = " V....D mpeg4   MPEG-4\n V....D libopenh264   OpenH264\n A....D aac\n";
  const flag = (version: string) => ffmpegOf(version, encoders).passthrough[0];
  assert.deepEqual(
    ["4.4.2-0ubuntu", "5.0", "5.1.9", "n7.1", "N-1234-gabc"].map((one) => flag(`ffmpeg version ${one}`)),
    [
      "-vsync",
      "-vsync",
      "-fps_mode",
      "-fps_mode",
      "-fps_mode",
    ],
  );
  assert.equal(ffmpegOf("", encoders).encoder[1], "libopenh264");
  assert.equal(ffmpegOf("", "").encoder[1], "mpeg4");
});
