/** The codecs of films, in the order of preference: H.264 in MP4, otherwise VP9 or VP8 in WebM. */
import { type AudioCodec, getFirstEncodableVideoCodec, type VideoCodec } from "mediabunny";
import type { Size } from "../picture/placement.ts";
import type { FilmType } from "./_container.ts";

/** What a file is made of. */
export interface FilmCodecs {
  readonly type: FilmType;
  readonly video: VideoCodec;
  readonly sounds: AudioCodec[];
}

const CODECS: readonly FilmCodecs[] = [
  { type: "video/mp4", video: "avc", sounds: ["aac", "opus"] },
  { type: "video/webm", video: "vp9", sounds: ["opus"] },
  { type: "video/webm", video: "vp8", sounds: ["opus"] },
];

/** Bits for each pixel of a picture: 2 Mbit/s at 640×480, 6 at 1280×720. */
const BITS_PER_PIXEL = 6.5;

/** Time between two key frames, in s: seeking starts from one of them. */
const KEY_EVERY_S = 1;

/** Returns the best codecs that this browser encodes at a size; null where it encodes none. */
export async function encodableCodecs({ width, height }: Size): Promise<FilmCodecs | null> {
  if (!("VideoEncoder" in globalThis)) return null;
  for (const codecs of CODECS) {
    if (await getFirstEncodableVideoCodec([codecs.video], { width, height }) !== null) return codecs;
  }
  return null;
}

/** Returns the settings of the encoder for pictures of a size. */
export function videoSettings({ video }: FilmCodecs, { width, height }: Size) {
  return {
    codec: video,
    bitrate: Math.round(width * height * BITS_PER_PIXEL),
    keyFrameInterval: KEY_EVERY_S,
  };
}
