/** The part of a recording that people keep. */
import { trimSidecar } from "../../../shared/sidecar.ts";
import type { Size } from "../../picture/placement.ts";
import type { Preview } from "./recorder_state.ts";

/** A clip as it is kept. */
export interface TrimmedClip extends Size {
  readonly name: string;
  /** An MP4 or WebM file; its `type` says which, and may name codecs. */
  readonly media: Blob;
  /** JSON text of what was seen frame by frame. */
  readonly sidecar: Blob;
  /** A small JPEG. */
  readonly thumbnail: Blob;
  readonly durationMs: number;
  /** When it was recorded, in ms since 1970. */
  readonly createdMs: number;
}

/** A clip, and how to remove the files that were made for it. */
export interface Trimmed {
  readonly clip: TrimmedClip;
  readonly remove: () => Promise<void>;
}

/**
 * Trims a recording to the part that is kept; the whole of it is only passed on.
 *
 * @param onShare called with the share that is done, 0…1
 * @throws Error where it cannot be trimmed
 */
export async function trimClip(
  { recorded, name, fromMs, toMs }: Preview,
  onShare: (share: number) => void,
): Promise<Trimmed> {
  const { media, sidecar, thumbnail, durationMs, width, height, createdMs } = recorded;
  const whole = fromMs === 0 && toMs >= durationMs;
  const [from, to] = [fromMs / 1_000, toMs / 1_000];
  const frames = whole ? sidecar : trimSidecar(sidecar, from, to);
  const film = whole ? null : await (await import("./lazy_recorder.ts")).trimFilm(media, from, to, onShare);
  return {
    clip: {
      name,
      media: film?.media ?? media,
      sidecar: new Blob([JSON.stringify(frames)], { type: "application/json" }),
      thumbnail,
      durationMs: toMs - fromMs,
      width,
      height,
      createdMs,
    },
    remove: film?.remove ?? (() => Promise.resolve()),
  };
}
