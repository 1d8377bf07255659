/** `explain --every` with the real ffmpeg; the network is the small one, as only frames, times and files count here. */
import assert from "node:assert/strict";
import { EXIT, main } from "../../server/cli/explain.ts";
import { type MemoryIo, memoryIo } from "../../server/cli/testing/memory_io.ts";
import { createMemoryEngine } from "../../server/engine/testing/memory_engine.ts";
import { ffmpeg, hasFfmpeg, makeNumbered, numbersOf, soundOf, timesOf } from "../support/videos.ts";

const FRAMES = 24;
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Runs the command in a folder of its own. */
async function explain(
  args: readonly string[],
  { interrupted, onRun }: { interrupted?: AbortSignal; onRun?: () => void } = {},
): Promise<{ code: number; io: MemoryIo }> {
  const engine = createMemoryEngine({ beforeRun: () => onRun?.() });
  const io = memoryIo({ engine, ...(interrupted === undefined ? {} : { interrupted }) });
  return { code: await main(args, io), io };
}

function csvOf(io: MemoryIo, name: string): string[][] {
  const bytes = io.written.get(name) ?? assert.fail(`${name} was not written`);
  return new TextDecoder().decode(bytes).trim().split("\n").map((line) => line.split(","));
}

async function filesOf(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).toSorted();
}

Deno.test({ name: "explain --every", ignore: !hasFfmpeg("the tests of explain --every") }, async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "gradcast-videos-" });
  const at = (name: string) => `${folder}/${name}`;
  try {
    const clip = await makeNumbered(at("clip.mp4"), { frames: FRAMES, sound: true });

    await t.step("writes each frame once, at its own time, with the video's own sound", async () => {
      const { code, io } = await explain([clip, "--every", "1", "--film", at("out.mp4"), "--csv", "out.csv"]);
      assert.equal(code, EXIT.done, io.err());
      assert.deepEqual(await numbersOf(at("out.mp4"), 160, 120), upTo(FRAMES));
      const [own, films] = [await timesOf(clip), await timesOf(at("out.mp4"))];
      assert.deepEqual(films.map((time) => time.toFixed(4)), own.map((time) => time.toFixed(4)));
      assert.deepEqual(await soundOf(at("out.mp4")), await soundOf(clip));
      const [head, ...rows] = csvOf(io, "out.csv");
      assert.deepEqual([head?.[0], head?.[1], head?.at(-1)], ["frame", "seconds", "box_bottom"]);
      assert.deepEqual(rows.map(([frame]) => Number(frame)), upTo(FRAMES));
      assert.deepEqual(
        rows.map(([, seconds]) => Number(seconds).toFixed(4)),
        own.map((time) => time.toFixed(4)),
      );
      assert.match(io.out(), /Written: .*out\.mp4, out\.csv \(24 frames in /);
      // The words are a track of their own, and nothing is left beside the film.
      const tracks = await ffmpeg("ffprobe", [
        "-show_entries",
        "stream=codec_name",
        "-of",
        "csv=p=0",
        at("out.mp4"),
      ]);
      assert.match(new TextDecoder().decode(tracks), /h264\s+aac\s+mov_text/);
      assert.deepEqual(await filesOf(folder), ["clip.mp4", "out.mp4"]);
    });

    await t.step("keeps times that are not even", async () => {
      const uneven = await makeNumbered(at("uneven.mp4"), {
        filters: "settb=1/1000,setpts='N*60+mod(N,3)*17'",
        output: ["-enc_time_base", "1:1000"],
      });
      const { code, io } = await explain([uneven, "--film", at("even.mp4")]);
      assert.equal(code, EXIT.done, io.err());
      assert.deepEqual(await numbersOf(at("even.mp4"), 160, 120), upTo(FRAMES));
      const [own, films] = [await timesOf(uneven), await timesOf(at("even.mp4"))];
      assert.ok(own.every((time, frame) => Math.abs(time - (films[frame] ?? NaN)) < 2e-4), `${own} ${films}`);
    });

    await t.step("takes every third frame, and prints a line for each", async () => {
      const { code, io } = await explain([clip, "--every", "3", "--json-lines"]);
      assert.equal(code, EXIT.done, io.err());
      const lines = io.out().trim().split("\n").map((line) => JSON.parse(line));
      assert.deepEqual(lines.map(({ frame }) => frame), [0, 3, 6, 9, 12, 15, 18, 21]);
      assert.ok(lines.every(({ seconds, frame }) => Math.abs(seconds - frame / 12) < 1e-4));
      assert.equal(lines[0].attribution.method, "grad-cam");
    });

    await t.step(
      "turns what its metadata turns, and fits frames of another size into the first one's",
      async () => {
        const turned = at("turned.mp4");
        await ffmpeg("ffmpeg", ["-i", clip, "-c", "copy", "-metadata:s:v:0", "rotate=90", turned]);
        const upright = await explain([turned, "--film", at("upright.mp4")]);
        assert.equal(upright.code, EXIT.done, upright.io.err());
        const sides = ["-select_streams", "v", "-show_entries", "stream=width,height", "-of", "csv=p=0"];
        const said = new TextDecoder().decode(await ffmpeg("ffprobe", [...sides, at("upright.mp4")]));
        assert.match(said, /^120,160/);

        const parts = [];
        for (const size of ["160x120", "96x96"]) {
          parts.push(await Deno.readFile(await makeNumbered(at(`${size}.ts`), { size, frames: 12 })));
        }
        await Deno.writeFile(
          at("mixed.ts"),
          new Uint8Array(await new Blob(parts.map((p) => p.slice())).arrayBuffer()),
        );
        const { code, io } = await explain([at("mixed.ts"), "--film", at("mixed.mp4")]);
        assert.equal(code, EXIT.done, io.err());
        assert.deepEqual((await timesOf(at("mixed.mp4"))).length, 24);
      },
    );

    await t.step("explains several videos, and names the one that it cannot", async () => {
      await ffmpeg("ffmpeg", ["-f", "lavfi", "-i", "sine=d=1", at("sound.mp4")]);
      await Deno.writeFile(at("cut.mp4"), (await Deno.readFile(clip)).slice(0, 3_000));
      const files = [at("sound.mp4"), at("cut.mp4"), clip];
      const { code, io } = await explain([...files, "--csv", "all.csv", "--video-summary"]);
      assert.equal(code, EXIT.fault);
      assert.match(io.err(), /sound\.mp4: Cannot explain the video: there is no picture in it/);
      assert.match(io.err(), /cut\.mp4: Cannot read the video: ffprobe failed: moov atom not found/);
      assert.match(io.err(), /2 of 3 videos could not be explained/);
      assert.match(io.out(), /clip\.mp4 · .* · 24 frames, 0:02\.0/);
      assert.deepEqual([...io.written.keys()], ["all-clip.csv"]);
    });

    await t.step("says of a video that was cut off how far its pictures go", async () => {
      const quick = at("quick.mp4");
      await ffmpeg("ffmpeg", ["-i", clip, "-an", "-c", "copy", "-movflags", "+faststart", quick]);
      const bytes = await Deno.readFile(quick);
      await Deno.writeFile(at("short.mp4"), bytes.slice(0, Math.floor(bytes.length * 0.6)));
      const { code, io } = await explain([at("short.mp4"), "--video-summary"]);
      assert.equal(code, EXIT.done, io.err());
      assert.match(
        io.err(),
        /Note: the pictures of .*short\.mp4 end at [01]\.\d s of 2\.0 s: it is damaged, or was/,
      );
    });

    await t.step("leaves no half file where it is interrupted in the middle", async () => {
      const stop = new AbortController();
      let runs = 0;
      const args = [clip, "--film", at("never.mp4"), "--csv", "never.csv"];
      const { code, io } = await explain(args, {
        interrupted: stop.signal,
        onRun: () => ++runs === 8 ? stop.abort() : undefined,
      });
      assert.deepEqual([code, io.err()], [EXIT.interrupted, "Interrupted.\n"]);
      assert.equal(io.written.size, 0);
      assert.ok(
        (await filesOf(folder)).every((name) => !name.includes("never")),
        String(await filesOf(folder)),
      );
    });

    await t.step("says what to install where there is no ffmpeg, before it loads the model", async () => {
      const command =
        'deno=$(command -v deno); PATH=/nowhere exec "$deno" run --quiet --config start.json -P=explain ' +
        '--no-prompt server/cli/explain.ts "$0" --every 1';
      const { code, stderr, stdout } = await new Deno.Command("sh", { args: ["-c", command, clip] }).output();
      const text = new TextDecoder();
      assert.deepEqual([code, text.decode(stdout)], [EXIT.usage, ""]);
      assert.match(text.decode(stderr), /ffmpeg is not installed\. Install ffmpeg.*apt-get install ffmpeg/);
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
