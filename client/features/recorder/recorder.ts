/** What components and actions know of the recorder. */
import type { ReadonlySignal } from "@preact/signals";
import type { Preview, RecorderState } from "./recorder_state.ts";

/** The recorder. */
export interface Recorder {
  readonly state: ReadonlySignal<RecorderState>;
  /** Length of what is recorded so far, in ms. */
  readonly elapsedMs: ReadonlySignal<number>;
  /** Share of the trimming that is done, 0…1, or null while nothing is trimmed. */
  readonly trimming: ReadonlySignal<number | null>;
  /** Begins with a countdown, or stops. */
  toggle(): void;
  /** Pauses or resumes. */
  togglePause(): void;
  mark(): void;
  /** Ends the countdown: nothing is recorded. */
  cancel(): void;
  /** The stage shows another picture: the recording ends here. */
  pictureChanged(): void;
  rename(name: string): void;
  trim(fromMs: number, toMs: number): void;
  keep(): void;
  /** Makes the part that people want as a file. @throws Error where it cannot be trimmed */
  trimmedFile(preview: Preview): Promise<Blob>;
  /** Throws the recording away; a notice offers to undo that. */
  discard(): void;
}
