import { Pause, Play, Volume2, VolumeX } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { playTime } from "./format.ts";

/** Step of the arrow keys, in s. */
const STEP_S = 0.1;

/** What changes the bar. */
const EVENTS = [
  ...["timeupdate", "seeked", "durationchange", "loadedmetadata"],
  ...["play", "pause", "ended", "volumechange", "emptied"],
];

/** Properties of the bar. */
export interface VideoBarProps {
  /** Returns the video once it is on the page. */
  readonly video: () => HTMLVideoElement | null;
  /** What the video is called, for screen readers. */
  readonly name: string;
  /** Whether it can be paused here. */
  readonly pauses: boolean;
  /** Goes to a time, in s; default: the video goes there. */
  readonly onSeek?: (seconds: number) => void;
  /** Further buttons, at the end. */
  readonly children?: ComponentChildren;
}

/** What of a video the bar shows; times in s. */
interface Playing {
  readonly at: number;
  readonly length: number;
  readonly paused: boolean;
  readonly muted: boolean;
}

/** Below a video rather than over it: play or pause, where it is, sound. */
export function VideoBar({ video, name, pauses, onSeek, children }: VideoBarProps) {
  const playing = useSignal<Playing>({ at: 0, length: 0, paused: true, muted: true });
  useEffect(() => {
    const element = video();
    if (element === null) return;
    const listeners = new AbortController();
    const read = () => {
      const { currentTime: at, duration, paused, muted } = element;
      playing.value = { at, length: Number.isFinite(duration) ? duration : 0, paused, muted };
    };
    for (const kind of EVENTS) element.addEventListener(kind, read, { signal: listeners.signal });
    read();
    return () => listeners.abort();
  }, []);
  const { at, length, paused, muted } = playing.value;
  const seek = onSeek ?? ((seconds: number) => {
    const element = video();
    if (element !== null) element.currentTime = seconds;
  });
  return (
    <div class="video-bar" role="group" aria-label={name}>
      {pauses && (
        <button
          type="button"
          class="icon-button"
          aria-label={paused ? "Play" : "Pause"}
          title={paused ? "Play" : "Pause"}
          data-testid="video-play"
          onClick={() => {
            const element = video();
            if (element?.paused === true) element.play().catch(() => {});
            else element?.pause();
          }}
        >
          {paused ? <Play aria-hidden="true" /> : <Pause aria-hidden="true" />}
        </button>
      )}
      <input
        type="range"
        min={0}
        max={length}
        step={STEP_S}
        value={at}
        disabled={length === 0}
        aria-label="Time"
        aria-valuetext={`${playTime(at * 1_000)} of ${playTime(length * 1_000)}`}
        data-testid="video-seek"
        onInput={(event) => seek(event.currentTarget.valueAsNumber)}
      />
      <span class="number muted small" data-testid="video-time">
        {playTime(at * 1_000)} / {playTime(length * 1_000)}
      </span>
      <button
        type="button"
        class="icon-button"
        aria-label="Sound"
        aria-pressed={!muted}
        title={muted ? "Sound is off" : "Sound is on"}
        data-testid="video-sound"
        onClick={() => {
          const element = video();
          if (element !== null) element.muted = !element.muted;
        }}
      >
        {muted ? <VolumeX aria-hidden="true" /> : <Volume2 aria-hidden="true" />}
      </button>
      {children}
    </div>
  );
}
