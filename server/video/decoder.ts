/** The frames of a video in order, each with its own time, decoded by ffmpeg. */
import { FrameTimes } from "./_frame_times.ts";
import { Tool } from "./_tool.ts";
import { fileUrl, type VideoFacts } from "./probe.ts";
import type { Ffmpeg } from "./version.ts";
import { VideoError } from "./video_error.ts";

/** How long ffmpeg may take for the next frame, in ms. */
const FRAME_MS = 60_000;

/** Frames a second where the file does not say it. */
const USUAL_RATE = 25;

/** A frame. */
export interface VideoFrame {
  /** Place in the video, from 0. */
  readonly index: number;
  /** When it is shown, in s from the beginning of the file; rises from frame to frame. */
  readonly seconds: number;
  /** `[height, width, 3]`, 0…255; until they are released. */
  readonly rgb: Uint8Array<ArrayBuffer>;
  /** Gives the pixels back: a later frame is written over them. Large arrays are slow to make. */
  readonly release: () => void;
}

/** What of a video is decoded, and how. */
export interface DecodeVideo {
  readonly path: string;
  readonly facts: VideoFacts;
  /** Sides that every frame gets, in pixels: one of another shape, where the size changes, has bars. */
  readonly size: { readonly width: number; readonly height: number };
  readonly ffmpeg: Ffmpeg;
  /** Decodes every n-th frame. */
  readonly every: number;
}

/**
 * Decodes a video; ffmpeg ends with the loop over its frames.
 *
 * @throws VideoError where ffmpeg fails before the end, or hangs
 */
export async function* decodeVideo(
  { path, facts, size, ffmpeg, every }: DecodeVideo,
): AsyncGenerator<VideoFrame> {
  const times: number[] = [];
  const clock = new FrameTimes(1 / (facts.rate ?? USUAL_RATE));
  let wake = () => {};
  await using tool = new Tool("ffmpeg", argsOf({ path, facts, size, ffmpeg, every }), {
    onLine(line) {
      const seconds = clock.take(line);
      if (seconds === null) return;
      times.push(seconds);
      wake();
    },
  });
  /** The filter says a frame's time before it writes the frame, but through another pipe. */
  const nextTime = async () => {
    const late = AbortSignal.timeout(FRAME_MS);
    while (times.length === 0) {
      await new Promise<void>((resolve, reject) => {
        wake = resolve;
        late.addEventListener("abort", () => reject(late.reason), { once: true });
      });
    }
    return times.shift() ?? 0;
  };
  const bytesEach = 3 * size.width * size.height;
  const spare: Uint8Array<ArrayBuffer>[] = [];
  const blank = () => spare.pop() ?? new Uint8Array(bytesEach);
  let rgb = blank();
  let filled = 0;
  let index = 0;
  for (let bytes = await tool.read(FRAME_MS); bytes !== null; bytes = await tool.read(FRAME_MS)) {
    for (let at = 0; at < bytes.length;) {
      const part = bytes.subarray(at, at + bytesEach - filled);
      rgb.set(part, filled);
      at += part.length;
      filled += part.length;
      if (filled < bytesEach) continue;
      const done = rgb;
      yield {
        index: index * every,
        seconds: await nextTime(),
        rgb: done,
        release: () => void spare.push(done),
      };
      rgb = blank();
      filled = 0;
      index++;
    }
  }
  try {
    await tool.end(FRAME_MS);
  } catch (error) {
    if (!(error instanceof VideoError)) throw error;
    throw new VideoError(`Cannot decode the video after ${index} frames: ${error.message}`, { cause: error });
  }
  if (index === 0) throw new VideoError("Cannot explain the video: there is no frame in it");
}

function argsOf({ path, facts, size: { width, height }, ffmpeg, every }: DecodeVideo): string[] {
  const chosen = every === 1 ? [] : [`select=not(mod(n\\,${every}))`];
  const filters = [
    ...chosen,
    "showinfo=checksum=0",
    `scale=${width}:${height}:force_original_aspect_ratio=decrease:flags=bicubic+accurate_rnd${
      facts.bt709 ? ":in_color_matrix=bt709" : ""
    }`,
    `pad=${width}:${height}:-1:-1`,
    "setsar=1",
  ];
  return [
    ...["-hide_banner", "-nostats", "-nostdin", "-loglevel", "info"],
    ...["-i", fileUrl(path), "-map", "0:V:0", "-an", "-sn", "-dn"],
    ...["-vf", filters.join(","), ...ffmpeg.passthrough],
    ...["-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"],
  ];
}
