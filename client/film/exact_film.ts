/**
 * A film of exact pictures: every one with its own time. The file grows in the browser's private file system, so that a
 * long recording takes no memory.
 */
import {
  type AudioCodec,
  CanvasSource,
  EncodedAudioPacketSource,
  EncodedVideoPacketSource,
  getFirstEncodableAudioCodec,
  MediaStreamAudioTrackSource,
  NullTarget,
  Output,
} from "mediabunny";
import { encodableCodecs, type FilmCodecs, videoSettings } from "./_codecs.ts";
import { formatOf, targetOf } from "./_container.ts";
import { inTime } from "./_in_time.ts";
import { type Film, filmCanvas, type FilmOptions } from "./film.ts";
import { openSegments } from "./segment_store.ts";
import { SegmentedFile } from "./segmented_file.ts";

const SOUND_BITS_PER_S = 128_000;

/** How long encoders may take for what they still have, in ms. */
const FLUSH_MS = 10_000;

/** Opens a film; null where this browser encodes none of the codecs at this size. */
export async function openExactFilm(options: FilmOptions): Promise<Film | null> {
  const codecs = await encodableCodecs(options);
  return codecs === null ? null : await open(codecs, options);
}

async function open(codecs: FilmCodecs, options: FilmOptions): Promise<Film> {
  const { width, height, sound, onGrow, onBreak } = options;
  const context = filmCanvas(width, height);
  const file = new SegmentedFile(await openSegments(), () => onBreak("disk-full"));
  const output = new Output({ format: formatOf(codecs.type), target: targetOf(file, onGrow) });
  // The encoders belong to an output of their own: one that breaks spoils its output, and the film is whole without it.
  const encoders = new Output({ format: formatOf(codecs.type), target: new NullTarget() });
  const packets = new EncodedVideoPacketSource(codecs.video);
  output.addVideoTrack(packets);
  let writing: Promise<void> = Promise.resolve();
  let lastS = -Infinity;
  let broken = false;
  let finishing = false;
  const pictures = new CanvasSource(context.canvas, {
    ...videoSettings(codecs, options),
    onEncodedPacket(packet, meta) {
      if (finishing) return;
      lastS = Math.max(lastS, packet.timestamp);
      writing = packets.add(packet, meta);
    },
  });
  encoders.addVideoTrack(pictures);
  const heard = sound === null ? null : await soundSource(sound, codecs.sounds, output, () => !finishing);
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
      if (lastS < 0) throw new Error("Cannot finish the film: no picture of it was encoded");
      await output.finalize();
      return { media: file.finish(codecs.type), lastS };
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

/** `accepts`: whether the output still accepts packets. */
async function soundSource(
  track: MediaStreamTrack,
  codecs: AudioCodec[],
  output: Output,
  accepts: () => boolean,
): Promise<MediaStreamAudioTrackSource | null> {
  const codec = await getFirstEncodableAudioCodec(codecs);
  if (codec === null || !isSound(track)) return null;
  const packets = new EncodedAudioPacketSource(codec);
  output.addAudioTrack(packets);
  return new MediaStreamAudioTrackSource(track, {
    codec,
    bitrate: SOUND_BITS_PER_S,
    onEncodedPacket: (packet, meta) => accepts() ? packets.add(packet, meta) : undefined,
  });
}

/** Ends encoders that may be broken: nobody waits for them. */
function drop(encoders: Output): void {
  encoders.cancel().catch(() => {});
}

function isSound(track: MediaStreamTrack): track is MediaStreamAudioTrack {
  return track.kind === "audio";
}
