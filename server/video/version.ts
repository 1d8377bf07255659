/** Which ffmpeg there is. */
import { runTool } from "./_tool.ts";

/** How long it may take to say so, in ms. */
const VERSION_MS = 10_000;

/** Encoders of H.264, in the order of preference, each with its settings; MPEG-4 where there is none of them. */
const ENCODERS: readonly (readonly [name: string, settings: readonly string[]])[] = [
  ["libx264", ["-preset", "veryfast", "-crf", "20"]],
  ["libopenh264", ["-b:v", "6M"]],
  ["h264_videotoolbox", ["-b:v", "6M"]],
  ["mpeg4", ["-q:v", "3"]],
];

/** What of ffmpeg differs from machine to machine. */
export interface Ffmpeg {
  /** Arguments that keep every frame at its own time. */
  readonly passthrough: readonly string[];
  /** Arguments that choose the encoder. */
  readonly encoder: readonly string[];
}

/**
 * Asks ffmpeg what it can do.
 *
 * @throws VideoError where it is not installed
 */
export async function findFfmpeg(): Promise<Ffmpeg> {
  const version = await runTool("ffmpeg", ["-hide_banner", "-version"], VERSION_MS);
  const encoders = await runTool("ffmpeg", ["-hide_banner", "-encoders"], VERSION_MS);
  return ffmpegOf(version, encoders);
}

/** Reads what ffmpeg says of its version and its encoders. */
export function ffmpegOf(version: string, encoders: string): Ffmpeg {
  const [, major, minor] = /^ffmpeg version n?(\d+)\.(\d+)/.exec(version) ?? [];
  // `-fps_mode` came with 5.1; a build without a number is a newer one.
  const old = major !== undefined && Number(major) * 100 + Number(minor) < 501;
  const known = new Set([...encoders.matchAll(/^ V\S* (\S+)/gm)].map((line) => line[1]));
  const [name, settings] = ENCODERS.find(([one]) => known.has(one)) ?? ["mpeg4", []];
  return {
    passthrough: [old ? "-vsync" : "-fps_mode", "passthrough"],
    encoder: ["-c:v", name, ...settings],
  };
}
