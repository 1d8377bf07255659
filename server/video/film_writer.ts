/** Writes a film through ffmpeg: every picture at its own time, with the sound of the video that it is of. */
import { matroskaHead, pictureHead } from "./matroska.ts";
import { ffMetadata, type FilmTexts, subRip } from "./film_texts.ts";
import { runTool, Tool } from "./_tool.ts";
import { fileUrl } from "./probe.ts";
import type { Ffmpeg } from "./version.ts";
import { VideoError } from "./video_error.ts";

/** How long ffmpeg may take for one picture, and for its end, in ms. */
const PICTURE_MS = 60_000;
const END_MS = 120_000;

/** Codecs of sound that an MP4 file holds as they are; others are encoded as AAC. */
const COPIED = new Set(["aac", "mp3", "ac3", "eac3", "opus", "flac", "alac"]);

/** A film to be written. */
export interface FilmOptions {
  /** File, which is there only once the film is whole, so that the caller has it renamed. */
  readonly path: string;
  /** Sides of the pictures, even numbers of pixels. */
  readonly size: { readonly width: number; readonly height: number };
  readonly ffmpeg: Ffmpeg;
  /** Video whose sound the film has, with that sound's codec; null: a film without sound. */
  readonly sound: { readonly path: string; readonly codec: string } | null;
}

/** Whether a sound is copied into an MP4 as it is. */
export function isCopied(codec: string): boolean {
  return COPIED.has(codec);
}

/** A film that is being written; disposing of one ends ffmpeg. */
export class FilmWriter implements AsyncDisposable {
  readonly #options: FilmOptions;
  #tool: Tool | null = null;

  constructor(options: FilmOptions) {
    this.#options = options;
  }

  /**
   * Writes the next picture, `[height, width, 3]`, shown from `seconds` on.
   *
   * @throws VideoError where ffmpeg fails, as on a full disk, or hangs
   */
  async add(rgb: Uint8Array<ArrayBuffer>, seconds: number, durationS: number): Promise<void> {
    if (this.#tool === null) {
      this.#tool = new Tool("ffmpeg", argsOf(this.#options, seconds), { fed: true });
      await this.#tool.write(matroskaHead(this.#options.size), PICTURE_MS);
    }
    await this.#tool.write(pictureHead(seconds, durationS, rgb.length), PICTURE_MS);
    await this.#tool.write(rgb, PICTURE_MS);
  }

  /**
   * Writes what is left, and the end.
   *
   * @throws VideoError as {@link add}, and where there was no picture
   */
  async finish(): Promise<void> {
    if (this.#tool === null) throw new VideoError("Cannot write the film: it has no picture");
    try {
      await this.#tool.end(END_MS);
    } catch (cause) {
      if (!(cause instanceof VideoError)) throw cause;
      throw new VideoError(`Cannot write the film: ${cause.message}`, { cause });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tool?.[Symbol.asyncDispose]();
  }
}

/**
 * Writes a film once more with its words; nothing is encoded again.
 *
 * @throws VideoError where ffmpeg fails
 */
export async function addTexts(from: string, to: string, texts: FilmTexts): Promise<void> {
  const [subtitles, chapters] = [`${to}.srt`, `${to}.txt`];
  const args = [
    ...["-hide_banner", "-nostats", "-nostdin", "-loglevel", "error", "-y", "-i", fileUrl(from)],
    ...["-f", "srt", "-i", fileUrl(subtitles), "-f", "ffmetadata", "-i", fileUrl(chapters)],
    ...[
      "-map",
      "0",
      "-map",
      "1",
      "-map_metadata",
      "2",
      "-map_chapters",
      "2",
      "-c",
      "copy",
      "-c:s",
      "mov_text",
    ],
    ...["-metadata:s:s:0", "language=eng", "-movflags", "+faststart", "-f", "mp4", fileUrl(to)],
  ];
  try {
    await Deno.writeTextFile(subtitles, subRip(texts.subtitles));
    await Deno.writeTextFile(chapters, ffMetadata(texts));
    await runTool("ffmpeg", args, END_MS);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw new VideoError(`Cannot write the film: ${cause.message}`, { cause });
  } finally {
    for (const path of [subtitles, chapters]) await Deno.remove(path).catch(() => {});
  }
}

function argsOf({ path, ffmpeg, sound }: FilmOptions, firstS: number): string[] {
  return [
    ...["-hide_banner", "-nostats", "-loglevel", "error", "-y"],
    // ffmpeg lets every file begin at 0: the pictures begin where the video's own do.
    ...["-itsoffset", String(firstS), "-f", "matroska", "-i", "pipe:0"],
    ...(sound === null ? [] : ["-i", fileUrl(sound.path)]),
    ...["-map", "0:v:0", ...(sound === null ? [] : ["-map", "1:a:0"])],
    ...(sound === null ? [] : isCopied(sound.codec) ? ["-c:a", "copy"] : ["-c:a", "aac", "-b:a", "160k"]),
    ...["-vf", "scale=out_color_matrix=bt709:out_range=tv", "-pix_fmt", "yuv420p"],
    ...["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"],
    ...[...ffmpeg.passthrough, "-enc_time_base", "1:90000", "-video_track_timescale", "90000"],
    ...ffmpeg.encoder,
    ...["-f", "mp4", fileUrl(path)],
  ];
}
