/** The part of a recording that people keep. */
import { trimSidecar } from "../../../shared/sidecar.ts";
import type { FinishedClip } from "../../film/finished_clip.ts";
import type { Preview } from "./recorder_state.ts";

/** A clip, and how to remove the files that were made for it. */
export interface Trimmed {
  readonly clip: FinishedClip;
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
