/** What people keep of a recording. */
import { trimSidecar } from "../../../shared/sidecar.ts";
import type { NewClip } from "../clips/shelf/shelf.ts";
import type { Preview } from "./recorder_state.ts";

/** A part that is ready for the shelf, and how to remove what was made for it. */
export interface Part {
  readonly clip: NewClip;
  readonly remove: () => Promise<void>;
}

/** Cuts the part out, where it is not the whole. `onShare`: told how much of that is done, 0…1. */
export async function partOf(
  { recorded, name, fromMs, toMs }: Preview,
  onShare: (share: number) => void,
): Promise<Part> {
  const { media, sidecar, thumbnail, durationMs, width, height, createdMs } = recorded;
  const whole = fromMs === 0 && toMs >= durationMs;
  const [from, to] = [fromMs / 1_000, toMs / 1_000];
  const { cutFilm } = await import("./lazy_recorder.ts");
  const frames = whole ? sidecar : trimSidecar(sidecar, from, to);
  const cut = whole ? null : await cutFilm(media, from, to, onShare);
  return {
    clip: {
      name,
      media: cut?.media ?? media,
      sidecar: new Blob([JSON.stringify(frames)], { type: "application/json" }),
      thumbnail,
      durationMs: toMs - fromMs,
      width,
      height,
      createdMs,
    },
    remove: cut?.remove ?? (() => Promise.resolve()),
  };
}
