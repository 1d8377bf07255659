import { CirclePause, CirclePlay, Flag, Pause, Square, X } from "lucide-preact";
import type { ReadonlySignal } from "@preact/signals";
import { ActionButton } from "../../ui/action_button.tsx";
import { fileSize, playTime } from "../../ui/format.ts";
import type { RecorderActions } from "./actions.ts";
import { GifLine } from "./gif_line.tsx";
import type { GifMaker } from "./gif_maker.ts";
import type { Recorder } from "./recorder.ts";
import type { RecorderState } from "./recorder_state.ts";

/** Properties of the line. */
export interface RecordHudProps {
  readonly recorder: Recorder;
  readonly gif: GifMaker;
  readonly actions: RecorderActions;
}

/** On the stage: the countdown, and what is recorded with everything that can be done about it. */
export function RecordHud({ recorder, gif, actions }: RecordHudProps) {
  const state = recorder.state.value;
  switch (state.kind) {
    case "countdown":
      return <Countdown left={state.left} onCancel={() => recorder.cancel()} />;
    case "opening":
      return <Waiting words="Opening the file…" />;
    case "finishing":
      return <Waiting words="Finishing the file…" />;
    case "recording":
      return <Running state={state} elapsedMs={recorder.elapsedMs} actions={actions} />;
    case "rest":
    case "preview":
      return <GifLine state={gif.state.value} toggle={actions.gif} />;
    default: {
      const _never: never = state;
      return _never;
    }
  }
}

function Countdown({ left, onCancel }: { readonly left: number; readonly onCancel: () => void }) {
  return (
    <div class="countdown" data-testid="countdown">
      <span class="countdown-number" role="timer" aria-label={`Recording begins in ${left} s`}>{left}</span>
      <button type="button" class="button" onClick={onCancel}>
        <X aria-hidden="true" /> Cancel
      </button>
    </div>
  );
}

function Waiting({ words }: { readonly words: string }) {
  return (
    <div class="hud">
      <span class="hud-words" role="status">{words}</span>
    </div>
  );
}

interface RunningProps {
  readonly state: Extract<RecorderState, { kind: "recording" }>;
  readonly elapsedMs: ReadonlySignal<number>;
}

function Running(
  { state, elapsedMs, actions }: RunningProps & { readonly actions: RecorderActions },
) {
  const paused = state.pausedSinceMs !== null;
  const marks = state.markers.length;
  return (
    <div class="hud" role="group" aria-label="Recording" data-testid="record-hud" data-paused={paused}>
      <Figures state={state} elapsedMs={elapsedMs} />
      {state.means === "browser" && (
        <span class="hud-words hud-means" data-testid="record-means">
          Browser’s recorder: times are approximate
        </span>
      )}
      <ActionButton action={actions.pause} class="hud-button" testid="record-pause">
        {paused
          ? (
            <>
              <CirclePlay aria-hidden="true" /> <span class="hud-word">Resume</span>
            </>
          )
          : <CirclePause aria-hidden="true" />}
      </ActionButton>
      <ActionButton action={actions.mark} class="hud-button" testid="record-mark">
        <Flag aria-hidden="true" />
        {marks > 0 && <span class="number">{marks}</span>}
      </ActionButton>
      <ActionButton action={actions.record} class="hud-button" testid="record-stop">
        <Square aria-hidden="true" fill="currentColor" /> <span class="hud-stop">Stop</span>
      </ActionButton>
    </div>
  );
}

/** Whether it is paused, its length and its size. */
function Figures({ state, elapsedMs }: RunningProps) {
  const paused = state.pausedSinceMs !== null;
  return (
    <span class="hud-words">
      {paused
        ? <Pause class="hud-paused" aria-hidden="true" />
        : <span class="recording-dot" aria-hidden="true" />}
      <span class={paused ? "hud-state" : "visually-hidden"} role="status">
        {paused ? "Paused" : "Recording"}
      </span>
      <span class="number" data-testid="record-time">
        {playTime(wholeSeconds(elapsedMs.value))}
      </span>
      <span class="number hud-size" data-testid="record-size">{fileSize(state.bytes)}</span>
    </span>
  );
}

/** A second counts when it is over. */
function wholeSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1_000) * 1_000;
}
