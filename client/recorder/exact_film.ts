/**
 * A film of exact pictures: every one with its own time, H.264 in MP4 where the browser encodes it, else VP9 or VP8 in
 * WebM. The file grows in the browser's private file system, so that a long recording takes no memory.
 */
import {
  ALL_FORMATS,
  type AudioCodec,
  BlobSource,
  CanvasSource,
  Conversion,
  getFirstEncodableAudioCodec,
  getFirstEncodableVideoCodec,
  Input,
  MediaStreamAudioTrackSource,
  Mp4OutputFormat,
  Output,
  type OutputFormat,
  StreamTarget,
  type VideoCodec,
  WebMOutputFormat,
} from "mediabunny";
import { type Film, filmCanvas, type FilmOptions } from "./film.ts";
import { openSegments } from "./private_store.ts";
import { SegmentedFile, type Written } from "./segmented_file.ts";

/** Bits for each px of a picture: 2 Mbit/s at 640×480, 6 at 1280×720. */
const BITS_PER_PIXEL = 6.5;
const SOUND_BITS = 128_000;

/** Pictures between two that stand for themselves, in s: seeking goes from one of them. */
const KEY_EVERY_S = 1;

/** What the file is made of. */
interface Make {
  readonly format: () => OutputFormat;
  readonly type: "video/mp4" | "video/webm";
  readonly video: VideoCodec;
  readonly sounds: AudioCodec[];
}

const MAKES: readonly Make[] = [
  {
    format: () => new Mp4OutputFormat({ fastStart: false }),
    type: "video/mp4",
    video: "avc",
    sounds: ["aac", "opus"],
  },
  { format: () => new WebMOutputFormat(), type: "video/webm", video: "vp9", sounds: ["opus"] },
  { format: () => new WebMOutputFormat(), type: "video/webm", video: "vp8", sounds: ["opus"] },
];

/** Opens a film, or gives null where this browser encodes none of the codecs at this size. */
export async function openExactFilm(options: FilmOptions): Promise<Film | null> {
  const { width, height } = options;
  if (!("VideoEncoder" in globalThis)) return null;
  for (const make of MAKES) {
    if (await getFirstEncodableVideoCodec([make.video], { width, height }) !== null) {
      return await open(make, options);
    }
  }
  return null;
}

async function open(
  { format, type, video, sounds }: Make,
  { width, height, sound, onGrow, onBreak }: FilmOptions,
): Promise<Film> {
  const context = filmCanvas(width, height);
  const file = new SegmentedFile(await openSegments(), () => onBreak("disk-full"));
  const output = new Output({ format: format(), target: targetOf(file, onGrow) });
  const pictures = new CanvasSource(context.canvas, {
    codec: video,
    bitrate: Math.round(width * height * BITS_PER_PIXEL),
    keyFrameInterval: KEY_EVERY_S,
  });
  output.addVideoTrack(pictures);
  const heard = sound === null ? null : await soundSource(sound, sounds);
  if (heard !== null) output.addAudioTrack(heard);
  heard?.errorPromise.catch(() => onBreak("encoder-failed"));
  await output.start();
  let over = false;
  return {
    means: "exact",
    context,
    async add(seconds, durationS) {
      if (over) return;
      try {
        await pictures.add(seconds, durationS);
      } catch {
        over = true;
        onBreak("encoder-failed");
      }
    },
    pause: () => heard?.pause(),
    resume: () => heard?.resume(),
    async finish() {
      over = true;
      await output.finalize();
      return file.finish(type);
    },
    async cancel() {
      over = true;
      await output.cancel();
      await file.remove();
    },
    remove: () => file.remove(),
  };
}

async function soundSource(
  track: MediaStreamTrack,
  codecs: AudioCodec[],
): Promise<MediaStreamAudioTrackSource | null> {
  const codec = await getFirstEncodableAudioCodec(codecs);
  if (codec === null || !isSound(track)) return null;
  return new MediaStreamAudioTrackSource(track, { codec, bitrate: SOUND_BITS });
}

function isSound(track: MediaStreamTrack): track is MediaStreamAudioTrack {
  return track.kind === "audio";
}

/** A part of a film, and how to remove what it lies in. */
export interface Cut {
  readonly media: Blob;
  readonly remove: () => Promise<void>;
}

/**
 * Cuts a film to a part of it, in s. Pictures before the next one that stands for itself are encoded anew.
 *
 * @param onShare told how much of it is done, 0…1
 * @throws Error where it cannot be cut
 */
export async function cutFilm(
  film: Blob,
  from: number,
  to: number,
  onShare: (share: number) => void,
): Promise<Cut> {
  const input = new Input({ source: new BlobSource(film), formats: ALL_FORMATS });
  const type = film.type.startsWith("video/webm") ? "video/webm" : "video/mp4";
  const format = type === "video/webm" ? new WebMOutputFormat() : new Mp4OutputFormat({ fastStart: false });
  const file = new SegmentedFile(await openSegments(), () => {});
  const output = new Output({ format, target: targetOf(file, () => {}) });
  const conversion = await Conversion.init({ input, output, trim: { start: from, end: to } });
  if (!conversion.isValid) throw new Error("Cannot cut the film as this browser cannot write it anew");
  conversion.onProgress = onShare;
  await conversion.execute();
  input.dispose();
  return { media: file.finish(type), remove: () => file.remove() };
}

function targetOf(file: SegmentedFile, onGrow: (bytes: number) => void): StreamTarget {
  return new StreamTarget(
    new WritableStream<Written>({
      async write(chunk) {
        await file.write(chunk);
        onGrow(file.size);
      },
    }),
  );
}
