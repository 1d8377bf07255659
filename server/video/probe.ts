/** What a video is, before any of it is decoded. */
import * as v from "valibot";
import { runTool } from "./_tool.ts";
import { MAX_VIDEO_FRAMES, MAX_VIDEO_S, MAX_VIDEO_SIDE_PX } from "../../shared/video_limits.ts";
import { VideoError } from "./video_error.ts";

/** How long ffprobe may take, in ms. */
const PROBE_MS = 20_000;

/** What is known of a video. */
export interface VideoFacts {
  /** Sides as it is shown: turned as its metadata says, with square pixels. */
  readonly width: number;
  readonly height: number;
  /** Length in s; null where the file does not say it. */
  readonly durationS: number | null;
  /** When its pictures end, in s; null where the file says it of pictures and sound together, or not at all. */
  readonly picturesEndS: number | null;
  /** About how many frames it has; null where nothing says it. */
  readonly frames: number | null;
  /** Frames a second on average; null where nothing says it. */
  readonly rate: number | null;
  /** Whether its colours are those of high definition (BT.709): said by the file, or by its size. */
  readonly bt709: boolean;
  /** Codec of its first sound track, or null. */
  readonly sound: string | null;
}

const Text = v.optional(v.string(), "");

const StreamSchema = v.object({
  codec_type: Text,
  codec_name: Text,
  width: v.optional(v.number(), 0),
  height: v.optional(v.number(), 0),
  sample_aspect_ratio: Text,
  color_space: Text,
  avg_frame_rate: Text,
  duration: Text,
  nb_frames: Text,
  disposition: v.optional(v.object({ attached_pic: v.optional(v.number(), 0) }), {}),
  tags: v.optional(v.object({ rotate: Text }), {}),
  side_data_list: v.optional(v.array(v.object({ rotation: v.optional(v.number(), 0) })), []),
});

const ProbeSchema = v.object({
  streams: v.optional(v.array(StreamSchema), []),
  format: v.optional(v.object({ duration: Text }), {}),
});

type Stream = v.InferOutput<typeof StreamSchema>;

/**
 * Asks ffprobe what a video is.
 *
 * @throws VideoError where it is none, or is larger or longer than is taken
 */
export async function probeVideo(path: string): Promise<VideoFacts> {
  const args = ["-v", "error", "-print_format", "json", "-show_streams", "-show_format", fileUrl(path)];
  let text: string;
  try {
    text = await runTool("ffprobe", args, PROBE_MS);
  } catch (error) {
    if (!(error instanceof VideoError) || !error.message.startsWith("ffprobe")) throw error;
    throw new VideoError(
      `Cannot read the video: ${error.message}. Choose a file that is a video, and whole`,
      { cause: error },
    );
  }
  return factsOf(text);
}

/** A path that ffmpeg takes for nothing but a file, whatever it begins with. */
export function fileUrl(path: string): string {
  return `file:${path}`;
}

/**
 * Reads what ffprobe printed.
 *
 * @throws VideoError as {@link probeVideo}
 */
export function factsOf(text: string): VideoFacts {
  const { streams, format } = v.parse(ProbeSchema, JSON.parse(text));
  const video = streams.find((one) => one.codec_type === "video" && one.disposition.attached_pic !== 1);
  if (video === undefined || video.width === 0 || video.height === 0) {
    throw new VideoError("Cannot explain the video: there is no picture in it");
  }
  const durationS = positive(Number(video.duration)) ?? positive(Number(format.duration));
  const rate = positive(ratio(video.avg_frame_rate, "/"));
  const counted = positive(Number(video.nb_frames));
  const frames = counted ?? (durationS === null || rate === null ? null : Math.round(durationS * rate));
  checkLength(durationS, frames);
  const sides = shownSides(video);
  if (Math.max(sides.width, sides.height) > MAX_VIDEO_SIDE_PX) {
    throw new VideoError(
      `Cannot explain the video: expected sides of ${MAX_VIDEO_SIDE_PX} pixels at most, got ${sides.width} × ` +
        `${sides.height}. Make it smaller first`,
    );
  }
  const sound = streams.find((one) => one.codec_type === "audio")?.codec_name ?? null;
  const said = video.color_space !== "" && video.color_space !== "unknown";
  return {
    ...sides,
    durationS,
    picturesEndS: positive(Number(video.duration)) ?? (sound === null ? durationS : null),
    frames,
    rate,
    bt709: said ? video.color_space === "bt709" : Math.min(sides.width, sides.height) >= 720,
    sound,
  };
}

function checkLength(durationS: number | null, frames: number | null): void {
  if (durationS !== null && durationS > MAX_VIDEO_S) {
    throw new VideoError(
      `Cannot explain the video: expected ${MAX_VIDEO_S / 60} minutes at most, got ${
        Math.ceil(durationS / 60)
      }. Cut it into shorter ones first`,
    );
  }
  if (frames !== null && frames > MAX_VIDEO_FRAMES) {
    throw new VideoError(
      `Cannot explain the video: expected ${MAX_VIDEO_FRAMES} frames at most, got ${frames}. Cut it into shorter ones first`,
    );
  }
}

function shownSides({ width, height, sample_aspect_ratio, tags, side_data_list }: Stream) {
  const aspect = positive(ratio(sample_aspect_ratio, ":")) ?? 1;
  const rotation = side_data_list.find((one) => one.rotation !== 0)?.rotation ?? Number(tags.rotate);
  const lies = Math.abs(rotation || 0) % 180 === 90;
  const wide = Math.max(1, Math.round(width * aspect));
  return lies ? { width: height, height: wide } : { width: wide, height };
}

function ratio(text: string, sign: string): number {
  const [above, below] = text.split(sign).map(Number);
  return (above ?? NaN) / (below ?? NaN);
}

function positive(value: number): number | null {
  return Number.isFinite(value) && value > 0 ? value : null;
}
