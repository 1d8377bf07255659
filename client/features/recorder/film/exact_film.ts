/**
 * A film of exact pictures: every one with its own time, H.264 in MP4 where the browser encodes it, else VP9 or VP8 in
 * WebM. The file grows in the browser's private file system, so that a long recording takes no memory.
 */
import {
  type AudioCodec,
  CanvasSource,
  EncodedAudioPacketSource,
  EncodedVideoPacketSource,
  getFirstEncodableAudioCodec,
  getFirstEncodableVideoCodec,
  MediaStreamAudioTrackSource,
  NullTarget,
  Output,
  type VideoCodec,
} from "mediabunny";
import { type FilmType, formatOf, targetOf } from "./_container.ts";
import { type Film, filmCanvas, type FilmOptions } from "./film.ts";
import type { Size } from "../../../picture/placement.ts";
import { openSegments } from "./segment_store.ts";
import { SegmentedFile } from "./segmented_file.ts";

/** Bits for each px of a picture: 2 Mbit/s at 640×480, 6 at 1280×720. */
const BITS_PER_PIXEL = 6.5;
const SOUND_BITS = 128_000;

/** Pictures between two that stand for themselves, in s: seeking goes from one of them. */
const KEY_EVERY_S = 1;

/** How long encoders may take for what they still have, in ms. */
const FLUSH_MS = 10_000;

/** What the file is made of. */
interface Make {
  readonly type: FilmType;
  readonly video: VideoCodec;
  readonly sounds: AudioCodec[];
}

const MAKES: readonly Make[] = [
  { type: "video/mp4", video: "avc", sounds: ["aac", "opus"] },
  { type: "video/webm", video: "vp9", sounds: ["opus"] },
  { type: "video/webm", video: "vp8", sounds: ["opus"] },
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

/** Pictures that are encoded to see how long one takes; the first packets say nothing, as encoders begin slowly. */
const TRIAL_PICTURES = 12;
const TRIAL_FIRST = 3;

/** How long the trial may take, in ms: well within the countdown; an encoder that is slower is too slow for any size. */
const TRIAL_MS = 2_000;

/**
 * Measures the time of one picture of a size in the encoder, in ms; null where this browser encodes none, or not in
 * `TRIAL_MS`.
 */
export async function measureEncoder(size: Size): Promise<number | null> {
  if (!("VideoEncoder" in globalThis)) return null;
  for (const { video, type } of MAKES) {
    if (await getFirstEncodableVideoCodec([video], size) === null) continue;
    const context = filmCanvas(size.width, size.height);
    const output = new Output({ format: formatOf(type), target: new NullTarget() });
    const packets: number[] = [];
    const pictures = new CanvasSource(context.canvas, {
      codec: video,
      bitrate: Math.round(size.width * size.height * BITS_PER_PIXEL),
      keyFrameInterval: KEY_EVERY_S,
      onEncodedPacket: () => packets.push(performance.now()),
    });
    output.addVideoTrack(pictures);
    const trial = async () => {
      await output.start();
      for (let place = 0; place < TRIAL_PICTURES; place++) {
        drawTrial(context, place);
        await pictures.add(place / 30, 1 / 30);
      }
      await output.finalize();
    };
    if (!await inTime(trial(), TRIAL_MS)) {
      drop(output);
      return null;
    }
    const timed = packets.slice(TRIAL_FIRST);
    return ((timed.at(-1) ?? 0) - (timed[0] ?? 0)) / Math.max(1, timed.length - 1);
  }
  return null;
}

/** Something that moves and has detail: a picture that stands still costs an encoder nothing. */
function drawTrial(context: CanvasRenderingContext2D, place: number): void {
  const { width, height } = context.canvas;
  for (let y = 0; y < height; y += TRIAL_CELL_PX) {
    for (let x = 0; x < width; x += TRIAL_CELL_PX) {
      const hue = (x * 7 + y * 13 + place * 29) % 360;
      context.fillStyle = `hsl(${hue} 60% ${30 + hue % 40}%)`;
      context.fillRect(x, y, TRIAL_CELL_PX, TRIAL_CELL_PX);
    }
  }
}

/** Side of a cell of the trial's pictures, in pixels. */
const TRIAL_CELL_PX = 40;

async function open(make: Make, { width, height, sound, onGrow, onBreak }: FilmOptions): Promise<Film> {
  const context = filmCanvas(width, height);
  const file = new SegmentedFile(await openSegments(), () => onBreak("disk-full"));
  const output = new Output({ format: formatOf(make.type), target: targetOf(file, onGrow) });
  // The encoders belong to an output of their own: one that breaks spoils its output, and the film is whole without it.
  const encoders = new Output({ format: formatOf(make.type), target: new NullTarget() });
  const packets = new EncodedVideoPacketSource(make.video);
  output.addVideoTrack(packets);
  let writing: Promise<void> = Promise.resolve();
  let lastS = -Infinity;
  let broken = false;
  let finishing = false;
  const pictures = new CanvasSource(context.canvas, {
    codec: make.video,
    bitrate: Math.round(width * height * BITS_PER_PIXEL),
    keyFrameInterval: KEY_EVERY_S,
    onEncodedPacket(packet, meta) {
      if (finishing) return;
      lastS = Math.max(lastS, packet.timestamp);
      writing = packets.add(packet, meta);
    },
  });
  encoders.addVideoTrack(pictures);
  const heard = sound === null ? null : await soundSource(sound, make.sounds, output, () => !finishing);
  if (heard !== null) encoders.addAudioTrack(heard);
  heard?.errorPromise.catch(() => onBreak("encoder-failed"));
  await output.start();
  await encoders.start();
  return {
    means: "exact",
    context,
    async add(seconds, durationS) {
      if (broken || finishing) return;
      try {
        await pictures.add(seconds, durationS);
        await writing;
      } catch {
        broken = true;
        onBreak("encoder-failed");
      }
    },
    pause: () => heard?.pause(),
    resume: () => heard?.resume(),
    async finish() {
      if (broken || !await inTime(encoders.finalize(), FLUSH_MS)) drop(encoders);
      finishing = true;
      if (lastS < 0) throw new Error("Cannot finish the film as no picture of it was encoded");
      await output.finalize();
      return { media: file.finish(make.type), lastS };
    },
    async cancel() {
      finishing = true;
      drop(encoders);
      await output.cancel();
      await file.remove();
    },
    remove: () => file.remove(),
  };
}

/** `takes`: whether the output takes packets still. */
async function soundSource(
  track: MediaStreamTrack,
  codecs: AudioCodec[],
  output: Output,
  takes: () => boolean,
): Promise<MediaStreamAudioTrackSource | null> {
  const codec = await getFirstEncodableAudioCodec(codecs);
  if (codec === null || !isSound(track)) return null;
  const packets = new EncodedAudioPacketSource(codec);
  output.addAudioTrack(packets);
  return new MediaStreamAudioTrackSource(track, {
    codec,
    bitrate: SOUND_BITS,
    onEncodedPacket: (packet, meta) => takes() ? packets.add(packet, meta) : undefined,
  });
}

/** Ends encoders that may be broken: nobody waits for them. */
function drop(encoders: Output): void {
  encoders.cancel().catch(() => {});
}

/** Whether encoders ended as they should, and soon enough: a broken one may never answer. */
async function inTime(ending: Promise<void>, limitMs: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), limitMs);
  const ended = ending.then(() => true, () => false);
  return await Promise.race([ended, late.promise]).finally(() => clearTimeout(timer));
}

function isSound(track: MediaStreamTrack): track is MediaStreamAudioTrack {
  return track.kind === "audio";
}
