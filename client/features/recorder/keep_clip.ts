/** Trims a recording and keeps it. */
import type { KeepOutcome } from "./ports.ts";
import type { RecorderEvent } from "./recorder_events.ts";
import type { Preview } from "./recorder_state.ts";
import { trimClip, type TrimmedClip } from "./trimmed_clip.ts";

const NO_ROOM = "There is no room for the clip in this browser. Save it as a file, or delete other clips.";
const NOT_KEPT = "The clip could not be kept. Save it as a file instead.";

/**
 * Keeps the part of a recording that people want; returns the event that says how that ended.
 *
 * @param onShare called with the share of the trimming that is done, 0…1
 */
export async function keepClip(
  preview: Preview,
  keep: (clip: TrimmedClip) => Promise<KeepOutcome>,
  onShare: (share: number) => void,
): Promise<Extract<RecorderEvent, { kind: "kept" | "not-kept" }>> {
  try {
    const { clip, remove } = await trimClip(preview, onShare);
    const outcome = await keep(clip);
    // Whoever keeps it has a copy.
    void remove();
    return outcome === "full" ? { kind: "not-kept", words: NO_ROOM } : { kind: "kept" };
  } catch {
    return { kind: "not-kept", words: NOT_KEPT };
  }
}
