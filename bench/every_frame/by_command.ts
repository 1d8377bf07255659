/** Every frame of a video by the command line, and each stage by itself. */
import { fitInput } from "../../server/engine/mod.ts";
import { decodeVideo, filmSides, FilmWriter, findFfmpeg, probeVideo } from "../../server/video/mod.ts";
import type { Export } from "./main.ts";
import { countInOrder } from "./clip.ts";

/** Input of the shipped model, in pixels. */
const SIDE = 224;

/** Runs the command as users do. */
export async function byCommand(clip: string, folder: string): Promise<Export> {
  const film = `${folder}/command.mp4`;
  const command =
    '"$0" run --quiet --config start.json --v8-flags=--experimental-wasm-revectorize -P=explain --no-prompt ' +
    'server/cli/explain.ts "$1" --every 1 --film "$2" --csv "$3"; code=$?; times; exit $code';
  const begunMs = performance.now();
  const { success, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", command, Deno.execPath(), clip, film, `${folder}/command.csv`],
  }).output();
  const wallS = (performance.now() - begunMs) / 1e3;
  const text = new TextDecoder();
  if (!success) throw new Error(`Cannot measure the command line: it failed: ${text.decode(stderr)}`);
  const frames = await countInOrder(film);
  const cpuS = childSeconds(text.decode(stdout));
  return { way: "command line", wallS, ...frames, cpuMs: { "all processes": cpuS * 1e3 / frames.all } };
}

/** What a shell says that its children took, in s: minutes and seconds of user and system, on the last line. */
function childSeconds(said: string): number {
  const [, ...numbers] = /(\d+)m([\d.]+)s (\d+)m([\d.]+)s\s*$/.exec(said) ?? [];
  const [user = NaN, userS = NaN, system = NaN, systemS = NaN] = numbers.map(Number);
  return 60 * (user + system) + userS + systemS;
}

/** A stage alone: nothing else runs meanwhile. */
export interface StageTime {
  readonly stage: string;
  /** For each frame. */
  readonly ms: number;
}

/** Measures decoding, the exact resize and the encoder of the command line, one after the other. */
export async function commandStages(clip: string, folder: string, frames: number): Promise<StageTime[]> {
  const [facts, ffmpeg] = [await probeVideo(clip), await findFfmpeg()];
  const size = filmSides(facts);
  let sample = new Uint8Array(3 * size.width * size.height);
  const decode = await timed(frames, async () => {
    for await (const { rgb, release } of decodeVideo({ path: clip, facts, size, ffmpeg, every: 1 })) {
      sample = rgb;
      release();
    }
  });
  const fit = await timed(frames, () => {
    for (let frame = 0; frame < frames; frame++) fitInput({ ...size, rgb: sample }, SIDE, SIDE);
    return Promise.resolve();
  });
  const write = await timed(frames, async () => {
    await using writer = new FilmWriter({ path: `${folder}/alone.mp4`, size, ffmpeg, sound: null });
    for (let frame = 0; frame < frames; frame++) await writer.add(sample, frame / 30, 1 / 30);
    await writer.finish();
  });
  return [{ stage: "decode", ms: decode }, { stage: "crop and resize", ms: fit }, {
    stage: "encode",
    ms: write,
  }];
}

async function timed(frames: number, act: () => Promise<void>): Promise<number> {
  const begunMs = performance.now();
  await act();
  return (performance.now() - begunMs) / frames;
}
