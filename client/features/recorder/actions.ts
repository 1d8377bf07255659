/** What can be done with recorder and GIF maker. */
import { type Action, action } from "../../ui/action.ts";
import type { GifMaker } from "./gif_maker.ts";
import type { Recorder } from "./recorder.ts";

/** The actions by what they do; their order is that of the help. */
export interface RecorderActions {
  /** Begins a recording, or ends it. */
  readonly record: Action;
  readonly pause: Action;
  readonly mark: Action;
  readonly gif: Action;
}

/** What the actions act on. */
export interface RecorderActionPorts {
  readonly recorder: Pick<Recorder, "state" | "toggle" | "togglePause" | "mark">;
  readonly gif: GifMaker;
  /** Whether there is a picture, and a server that explains it; reads signals. */
  readonly canRecord: () => boolean;
}

/** Makes the actions. */
export function recorderActions({ recorder, gif, canRecord }: RecorderActionPorts): RecorderActions {
  const { state } = recorder;
  const isRecording = () => state.value.kind === "recording";
  const pause = () => recorder.togglePause();
  const mark = () => recorder.mark();
  return {
    record: {
      ...action("record", "r", "Record, or stop recording", () => recorder.toggle()),
      label: () => isRecording() ? "Stop recording" : "Record",
      when: () => canRecord() && state.value.kind !== "preview",
    },
    pause: {
      ...action("record-pause", "y", "Pause or resume the recording", pause, isRecording),
      label: () =>
        state.value.kind === "recording" && state.value.pausedSinceMs !== null
          ? "Resume recording"
          : "Pause the recording",
    },
    mark: {
      ...action("record-mark", "x", "Put a marker into the recording", mark, isRecording),
      label() {
        const marks = state.value.kind === "recording" ? state.value.markers.length : 0;
        return marks === 0
          ? "Put a marker into the recording"
          : `Put a marker into the recording, ${marks} so far`;
      },
    },
    gif: {
      ...action("gif", "a", "Save a GIF of three seconds", () => gif.toggle(), canRecord),
      label: () => gif.state.value.kind === "rest" ? "GIF of three seconds" : "Cancel the GIF",
    },
  };
}
