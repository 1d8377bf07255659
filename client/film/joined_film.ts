/** Puts packets that were encoded before into a film, with the sound of a video. */
import {
  type AudioCodec,
  AudioSampleSink,
  AudioSampleSource,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  getFirstEncodableAudioCodec,
  type InputAudioTrack,
  Mp4OutputFormat,
  Output,
  type OutputFormat,
  type VideoCodec,
  WebMOutputFormat,
} from "mediabunny";
import { type FilmType, targetOf } from "./_container.ts";
import type { PacketConfig, PacketRow } from "./picture_packets.ts";
import { openSegments } from "./segment_store.ts";
import { SegmentedFile } from "./segmented_file.ts";

const SOUND_BITS_PER_S = 128_000;

/** What became of the sound. */
export type SoundOutcome = "copied" | "encoded" | "lost" | "none";

/** What a film is joined of. */
export interface JoinOptions {
  readonly video: VideoCodec;
  /** Rows of packets in the order of time. */
  readonly rows: AsyncIterable<PacketRow>;
  readonly sound: InputAudioTrack | null;
  /** Length in s, for the share. */
  readonly durationS: number;
  /** Called with the share that is written, 0…1. */
  readonly onShare: (share: number) => void;
  /** Called once where the browser's private file system takes nothing more: the rest stays in memory. */
  readonly onFull: () => void;
}

/** A film. */
export interface JoinedFilm {
  readonly media: Blob;
  readonly sound: SoundOutcome;
  /** Pictures in it. */
  readonly pictures: number;
  /** Removes the files that it lies in. */
  readonly remove: () => Promise<void>;
}

/**
 * Joins a film: nothing of its pictures is encoded again.
 *
 * @throws Error where it cannot be written; nothing of it is left then
 */
export async function joinFilm(options: JoinOptions): Promise<JoinedFilm> {
  const type: FilmType = options.video === "vp8" ? "video/webm" : "video/mp4";
  const format = type === "video/webm" ? new WebMOutputFormat() : new Mp4OutputFormat({ fastStart: false });
  const file = new SegmentedFile(await openSegments(), options.onFull);
  const output = new Output({ format, target: targetOf(file, () => {}) });
  try {
    const pictures = new EncodedVideoPacketSource(options.video);
    output.addVideoTrack(pictures);
    const sound = await soundOf(options.sound, format);
    if (sound.source !== null) output.addAudioTrack(sound.source);
    await output.start();
    let count = 0;
    let heard = await sound.next();
    for await (const { config, packets } of options.rows) {
      for (const { key, seconds, durationS, data } of packets) {
        while (heard !== null && heard.seconds <= seconds) {
          await heard.add();
          heard = await sound.next();
        }
        const packet = new EncodedPacket(data, key ? "key" : "delta", seconds, durationS);
        await pictures.add(packet, { decoderConfig: decoderConfig(config) });
        count++;
        options.onShare(Math.min(1, seconds / Math.max(1e-3, options.durationS)));
      }
    }
    for (; heard !== null; heard = await sound.next()) await heard.add();
    await output.finalize();
    return { media: file.finish(type), sound: sound.outcome, pictures: count, remove: () => file.remove() };
  } catch (error) {
    await output.cancel().catch(() => {});
    await file.remove();
    throw error;
  }
}

/** A piece of sound that waits for its pictures. */
interface Heard {
  readonly seconds: number;
  add(): Promise<void>;
}

/** What a film's sound comes from. */
interface Sound {
  readonly source: EncodedAudioPacketSource | AudioSampleSource | null;
  readonly outcome: SoundOutcome;
  /** The next piece, or null at the end. */
  next(): Promise<Heard | null>;
}

const silence = (outcome: SoundOutcome): Sound => ({
  source: null,
  outcome,
  next: () => Promise.resolve(null),
});

/** Copies packets where the container takes their codec, else encodes them. */
async function soundOf(track: InputAudioTrack | null, format: OutputFormat): Promise<Sound> {
  const codec = await track?.getCodec() ?? null;
  if (track === null) return silence("none");
  const config = await track.getDecoderConfig();
  const supported: AudioCodec[] = format.getSupportedAudioCodecs();
  if (codec !== null && config !== null && supported.includes(codec)) {
    return copied(track, codec, { config, primed: format instanceof Mp4OutputFormat });
  }
  const other = await getFirstEncodableAudioCodec(supported.filter((one) => one === "aac" || one === "opus"));
  return other === null || !await track.canDecode() ? silence("lost") : encoded(track, other);
}

/** `primed`: whether the file may hold what lies before its beginning: decoders start with it, and it is not heard. */
function copied(
  track: InputAudioTrack,
  codec: AudioCodec,
  { config: decoderConfig, primed }: { readonly config: AudioDecoderConfig; readonly primed: boolean },
): Sound {
  const source = new EncodedAudioPacketSource(codec);
  const packets = new EncodedPacketSink(track).packets();
  return {
    source,
    outcome: "copied",
    async next() {
      for (;;) {
        const { done, value } = await packets.next();
        if (done === true) return null;
        if (value.timestamp < 0 && !primed) continue;
        return { seconds: value.timestamp, add: () => source.add(value, { decoderConfig }) };
      }
    },
  };
}

function encoded(track: InputAudioTrack, codec: AudioCodec): Sound {
  const source = new AudioSampleSource({ codec, bitrate: SOUND_BITS_PER_S });
  const samples = new AudioSampleSink(track).samples(0);
  return {
    source,
    outcome: "encoded",
    async next() {
      const { done, value } = await samples.next();
      if (done === true) return null;
      return {
        seconds: value.timestamp,
        async add() {
          await source.add(value);
          value.close();
        },
      };
    },
  };
}

function decoderConfig({ description, ...config }: PacketConfig): VideoDecoderConfig {
  if (description === undefined) return config;
  return { ...config, description: Uint8Array.from(atob(description), (char) => char.charCodeAt(0)) };
}
