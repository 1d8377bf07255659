/** One video: every frame of it decoded, explained and written, in order and none left out. */
import { printable } from "../../shared/printable.ts";
import { endsEarly, MAX_VIDEO_FRAMES } from "../../shared/video_limits.ts";
import { fitInput } from "../engine/mod.ts";
import type { Engine } from "../engine/port.ts";
import { explainPicture, type Explanation, type Plan } from "../explain/mod.ts";
import { decodeVideo, type Ffmpeg, filmSides, isCopied, probeVideo, type VideoFrame } from "../video/mod.ts";
import { gatherRows } from "./_gathered_rows.ts";
import type { GrowingFile } from "./_write_whole.ts";
import type { Io } from "./_io.ts";
import type { Progress } from "./_progress.ts";
import { chaptersOf } from "../../shared/video_chapters.ts";
import { csvHead, csvRow } from "./_video_csv.ts";
import { type FilmFrame, filmTitle, VideoFilm } from "./_video_film.ts";
import { type VideoContents, VideoSpans } from "../../shared/video_spans.ts";
import { writing } from "./_writing.ts";

/** Frames that are explained at a time: while some are computed, others are decoded, drawn and written. */
const IN_FLIGHT = 6;

/** How long the last frame is shown where it is the only one, in s. */
const ONLY_FRAME_S = 1 / 25;

/** What explaining a video takes. */
export interface VideoRun {
  readonly video: string;
  readonly every: number;
  readonly files: { readonly film?: string; readonly csv?: string };
  readonly engine: Engine;
  readonly plan: Plan;
  readonly ffmpeg: Ffmpeg;
  readonly io: Io;
  readonly progress: Progress;
  /** Gives a key that no frame had before. */
  readonly nextKey: () => number;
  /** Receives each frame. */
  readonly onFrame: (frame: FilmFrame) => void;
}

/** What became of a video. */
export interface ExplainedVideo {
  readonly contents: VideoContents;
  /** End of its last explained frame, in s. */
  readonly endS: number;
  readonly written: readonly string[];
  /** Time that it took, in ms. */
  readonly elapsedMs: number;
}

/**
 * Explains a video.
 *
 * @throws VideoError, UsageError or GradcastError; the signal's reason where the person asked for an end
 */
export async function explainVideo(run: VideoRun): Promise<ExplainedVideo> {
  const { video, every, files, engine, plan, ffmpeg, io, progress } = run;
  const startedMs = io.now();
  const facts = await probeVideo(io.wholePath(video));
  const size = filmSides(facts);
  tellBounds(run, facts.frames);
  const { width, height, name } = engine.model;
  await using outputs = new AsyncDisposableStack();
  const film = files.film === undefined ? null : outputs.use(
    new VideoFilm(
      { video, film: files.film, size, sound: facts.sound, ffmpeg, input: { width, height } },
      io,
    ),
  );
  if (film !== null && facts.sound !== null && !isCopied(facts.sound)) {
    io.stderr(
      `Note: an MP4 file cannot hold the sound (${printable(facts.sound)}), so it is encoded as AAC.\n`,
    );
  }
  const csv = await openCsv(files.csv, io);
  outputs.defer(async () => await csv?.discard());
  const spans = new VideoSpans();
  let before: FilmFrame | null = null;
  let stepS = facts.rate === null ? ONLY_FRAME_S : every / facts.rate;
  const frames = decodeVideo({ path: io.wholePath(video), facts, size, ffmpeg, every });
  for await (const frame of explained(run, frames, size)) {
    const { explanation, seconds, index } = frame;
    const [first] = explanation.predictions;
    if (first !== undefined) spans.take(first, explanation.unsure, seconds);
    if (before !== null) {
      stepS = seconds - before.seconds;
      await film?.add(before, stepS);
    }
    if (film === null) frame.release();
    if (csv !== null) {
      await writing(files.csv ?? "", () => csv.write(new TextEncoder().encode(csvRow(frame))));
    }
    run.onFrame(frame);
    before = frame;
    if (facts.frames !== null) progress.update(Math.min(1, (index + 1) / facts.frames), video);
  }
  const endS = (before?.seconds ?? 0) + stepS;
  if (before !== null) await film?.add(before, stepS);
  const contents = spans.contents(endS);
  if (facts.picturesEndS !== null && endsEarly(endS, facts.picturesEndS)) {
    io.stderr(
      `Note: the pictures of ${printable(video)} end at ${endS.toFixed(1)} s of ${
        facts.picturesEndS.toFixed(1)
      } s: it is damaged, or was cut off.\n`,
    );
  }
  await film?.finish({
    title: filmTitle(video, plan.maps[0]?.request.method.name ?? "", name),
    chapters: chaptersOf(contents, endS),
  });
  if (csv !== null) await writing(files.csv ?? "", () => csv.close());
  return { contents, endS, written: Object.values(files), elapsedMs: io.now() - startedMs };
}

/** Explains frames in order, a few at a time. */
async function* explained(
  { video, engine, plan, io, nextKey }: VideoRun,
  frames: AsyncIterable<VideoFrame>,
  size: { readonly width: number; readonly height: number },
): AsyncGenerator<FilmFrame> {
  const { width, height } = engine.model;
  const rows = { ...gatherRows(engine), model: engine.model };
  const explain = async (frame: VideoFrame): Promise<FilmFrame> => {
    const key = nextKey();
    await engine.admit(key, "rgb", fitInput({ ...size, rgb: frame.rgb }, width, height).rgb);
    try {
      const explanation: Explanation = await explainPicture({
        engine: rows,
        plan,
        image: video,
        frame: key,
        signal: io.interrupted,
        now: io.now,
      });
      return { ...frame, explanation };
    } finally {
      engine.release(key);
    }
  };
  const pending: Promise<FilmFrame>[] = [];
  let count = 0;
  for await (const frame of frames) {
    io.interrupted.throwIfAborted();
    if (count++ === MAX_VIDEO_FRAMES) break;
    const work = explain(frame);
    // Whoever waits for an earlier one hears of this one's failure when its turn comes.
    work.catch(() => {});
    pending.push(work);
    const [oldest] = pending.length === IN_FLIGHT ? pending.splice(0, 1) : [];
    if (oldest !== undefined) yield await oldest;
  }
  for (const work of pending) yield await work;
}

function tellBounds({ io }: VideoRun, frames: number | null): void {
  if (frames !== null) return;
  io.stderr(
    `Note: the video does not say how long it is; ${MAX_VIDEO_FRAMES} frames at most are explained.\n`,
  );
}

async function openCsv(file: string | undefined, io: Io): Promise<GrowingFile | null> {
  if (file === undefined) return null;
  const csv = await writing(file, () => io.openFile(file));
  await writing(file, () => csv.write(new TextEncoder().encode(csvHead())));
  return csv;
}
