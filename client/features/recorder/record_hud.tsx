import { CirclePause, CirclePlay, Flag, Pause, Square, X } from "lucide-preact";
import type { Page } from "../../app/page.ts";
import { ActionButton } from "../../ui/action_button.tsx";
import { fileSize, playTime } from "../../ui/format.ts";
import type { RecorderState } from "./recorder_state.ts";

/** On the stage: the countdown, and what is recorded with everything that can be done about it. */
export function RecordHud({ page }: { readonly page: Page }) {
  const state = page.recorder.state.value;
  switch (state.kind) {
    case "countdown":
      return <Countdown page={page} left={state.left} />;
    case "opening":
      return <Waiting words="Opening the file…" />;
    case "finishing":
      return <Waiting words="Finishing the file…" />;
    case "recording":
      return <Running page={page} state={state} />;
    case "rest":
    case "preview":
      return <GifLine page={page} />;
    default: {
      const _never: never = state;
      return _never;
    }
  }
}

function Countdown({ page, left }: { readonly page: Page; readonly left: number }) {
  return (
    <div class="countdown" data-testid="countdown">
      <span class="countdown-number" role="timer" aria-label={`Recording begins in ${left} s`}>{left}</span>
      <button type="button" class="button" onClick={() => page.recorder.cancel()}>
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

function Running(
  { page, state }: { readonly page: Page; readonly state: Extract<RecorderState, { kind: "recording" }> },
) {
  const paused = state.pausedSinceMs !== null;
  const marks = state.markers.length;
  return (
    <div class="hud" role="group" aria-label="Recording" data-testid="record-hud" data-paused={paused}>
      <span class="hud-words">
        {paused
          ? <Pause class="hud-paused" aria-hidden="true" />
          : <span class="recording-dot" aria-hidden="true" />}
        <span class={paused ? "hud-state" : "visually-hidden"} role="status">
          {paused ? "Paused" : "Recording"}
        </span>
        <span class="number" data-testid="record-time">
          {playTime(wholeSeconds(page.recorder.elapsedMs.value))}
        </span>
        <span class="number hud-size" data-testid="record-size">{fileSize(state.bytes)}</span>
      </span>
      {state.means === "browser" && (
        <span class="hud-words hud-means" data-testid="record-means">
          Browser’s recorder: times are approximate
        </span>
      )}
      <ActionButton action={page.action("record-pause")} class="hud-button" testid="record-pause">
        {paused
          ? (
            <>
              <CirclePlay aria-hidden="true" /> <span class="hud-word">Resume</span>
            </>
          )
          : <CirclePause aria-hidden="true" />}
      </ActionButton>
      <ActionButton action={page.action("record-mark")} class="hud-button" testid="record-mark">
        <Flag aria-hidden="true" />
        {marks > 0 && <span class="number">{marks}</span>}
      </ActionButton>
      <ActionButton action={page.action("record")} class="hud-button" testid="record-stop">
        <Square aria-hidden="true" fill="currentColor" /> <span class="hud-stop">Stop</span>
      </ActionButton>
    </div>
  );
}

/** A second counts when it is over. */
function wholeSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1_000) * 1_000;
}

function GifLine({ page }: { readonly page: Page }) {
  const state = page.gif.state.value;
  if (state.kind === "rest") return null;
  const words = state.kind === "filming" ? "Filming three seconds…" : "Making the GIF…";
  return (
    <div class="hud" data-testid="gif-hud">
      <span class="hud-words" role="status">{words}</span>
      <progress class="hud-progress" max="1" value={state.share} aria-label={words} />
      <ActionButton action={page.action("gif")} class="hud-button">
        <X aria-hidden="true" /> Cancel
      </ActionButton>
    </div>
  );
}
