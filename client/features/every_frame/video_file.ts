/** A video file, looked at before any of it is decoded. */
import { ALL_FORMATS, BlobSource, Input, type InputAudioTrack, type InputVideoTrack } from "mediabunny";
import { MAX_VIDEO_FRAMES, MAX_VIDEO_S, MAX_VIDEO_SIDE_PX } from "../../../shared/video_limits.ts";
import type { Size } from "../../picture/placement.ts";

/** Packets that are looked at to know how many frames there are in a second. */
const RATE_PACKETS = 100;

/** A video that can be explained. */
export interface OpenVideo extends Size, Disposable {
  readonly track: InputVideoTrack;
  readonly sound: InputAudioTrack | null;
  /** When its first frame is shown and its last one ends, in s. */
  readonly firstS: number;
  readonly endS: number;
  /** About how many frames it has. */
  readonly frames: number;
}

/** Why a video is not explained, in words for people. */
export class VideoRefusal extends Error {
  override readonly name = "VideoRefusal";
}

/**
 * Opens a video.
 *
 * @throws VideoRefusal
 */
export async function openVideo(file: File): Promise<OpenVideo> {
  const input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS });
  try {
    return await look(file, input);
  } catch (error) {
    input.dispose();
    if (error instanceof VideoRefusal) throw error;
    throw new VideoRefusal(
      `“${file.name}” cannot be read as a video: choose an MP4, MOV, WebM or MKV file.`,
      {
        cause: error,
      },
    );
  }
}

async function look(file: File, input: Input): Promise<OpenVideo> {
  const track = await input.getPrimaryVideoTrack();
  if (track === null) {
    const heard = await input.getPrimaryAudioTrack() !== null;
    throw new VideoRefusal(
      `“${file.name}” has no pictures${heard ? ": there is only sound in it" : ""}. Choose another file.`,
    );
  }
  const first = await track.getFirstTimestamp();
  const endS = await track.computeDuration();
  const stats = await track.computePacketStats(RATE_PACKETS);
  if (stats.packetCount === 0 || endS <= 0) {
    throw new VideoRefusal(`“${file.name}” has no frame in it. Choose another file.`);
  }
  const frames = stats.packetCount < RATE_PACKETS
    ? stats.packetCount
    : Math.round((endS - first) * stats.averagePacketRate);
  checkLength(file.name, endS - first, frames);
  const [width, height] = [await track.getDisplayWidth(), await track.getDisplayHeight()];
  if (Math.max(width, height) > MAX_VIDEO_SIDE_PX) {
    throw new VideoRefusal(
      `“${file.name}” is ${width} × ${height} pixels, more than the ${MAX_VIDEO_SIDE_PX} that are taken. Make it smaller first.`,
    );
  }
  if (!await track.canDecode()) {
    const codec = await track.getCodec() ?? "an unknown codec";
    throw new VideoRefusal(
      `This browser cannot decode “${file.name}” (${codec}). Convert it to H.264, or try another browser.`,
    );
  }
  const sound = await input.getPrimaryAudioTrack();
  return {
    ...{ track, sound, width, height, firstS: first, endS, frames },
    [Symbol.dispose]: () => input.dispose(),
  };
}

function checkLength(name: string, seconds: number, frames: number): void {
  if (seconds > MAX_VIDEO_S) {
    throw new VideoRefusal(
      `“${name}” is ${Math.ceil(seconds / 60)} minutes long, more than the ${
        MAX_VIDEO_S / 60
      } that are taken. Cut it first.`,
    );
  }
  if (frames > MAX_VIDEO_FRAMES) {
    throw new VideoRefusal(
      `“${name}” has about ${frames.toLocaleString("en")} frames, more than the ${
        MAX_VIDEO_FRAMES.toLocaleString("en")
      } that are taken. Cut it first.`,
    );
  }
}
