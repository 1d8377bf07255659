/** Words of the panel. Pure. */
import { playTime } from "../../ui/format.ts";
import type { Phase, Progress } from "./entry_state.ts";
import type { FinishedFilm } from "./finish.ts";
import type { Job } from "./job.ts";
import { VideoRefusal } from "./video_file.ts";

/** Said where the browser keeps nothing more. */
export const NO_ROOM =
  "The browser's storage is full. Free some room, for example in Clips, then press Resume: what is done is kept.";

/** Whether there was no room for what was to be kept. */
export function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === "QuotaExceededError";
}

/** Whether trying again is of no use: the file itself is refused. */
export function isRefusal(error: unknown): boolean {
  return error instanceof VideoRefusal;
}

/** Why a film could not be made, for people. */
export function failureWords(error: unknown): string {
  if (error instanceof VideoRefusal) return error.message;
  const words = error instanceof Error ? error.message : String(error);
  return `The film could not be made: ${words}`;
}

/** What explains a video. */
export function howWords(
  { methodName, modelName, targetName }: Pick<Job, "methodName" | "modelName" | "targetName">,
): string {
  return `${methodName}, ${targetName === null ? "the first class of each frame" : targetName}, ${modelName}`;
}

/** "128 of about 300 frames, 43 %". */
export function progressWords({ done, total }: Progress): string {
  if (total === null) return "Opening…";
  const share = total === 0 ? 0 : Math.min(100, Math.floor(100 * done / total));
  return `${done.toLocaleString("en")} of ${total.toLocaleString("en")} frames, ${share} %`;
}

/** How a video stands, in words. */
export function phaseWords(phase: Phase): string {
  switch (phase.kind) {
    case "waiting":
      return "Waits for its turn";
    case "running":
      return phase.leftS === null
        ? progressWords(phase.progress)
        : `${progressWords(phase.progress)}, ${playTime(phase.leftS * 1_000)} left`;
    case "stopping":
      return "Finishing the frame under way…";
    case "paused":
      return phase.why ?? `Paused: ${progressWords(phase.progress)}`;
    case "asleep":
      return "Begun on an earlier visit: choose the file again to continue. What was done is kept in this browser.";
    case "joining":
      return `Putting the film together, ${Math.floor(100 * phase.share)} %`;
    case "done":
      return doneWords(phase.film);
    case "failed":
      return phase.words;
    default: {
      const _never: never = phase;
      return _never;
    }
  }
}

/** Of a finished film. */
export function doneWords(
  { frames, sound, endsEarly }: Pick<FinishedFilm, "frames" | "sound" | "endsEarly">,
): string {
  const heard = {
    copied: "with its sound",
    encoded: "with its sound, encoded again",
    lost: "without its sound, which this browser cannot read",
    none: "without sound, as the video has none",
  }[sound];
  const early = endsEarly ? ". The video ends earlier than it says: it is damaged, or was cut off." : "";
  return `${frames.toLocaleString("en")} ${frames === 1 ? "frame" : "frames"}, ${heard}${early}`;
}
