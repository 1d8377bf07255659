/** The states of a recording, from its countdown to its preview. Pure; times in ms of one clock. */
import type { Marker, Sidecar } from "../../../shared/sidecar.ts";
import type { Means } from "../../film/film.ts";

/** Seconds that are counted down. */
export const COUNTDOWN = 3;

/** Why a recording ended. */
export type StopCause = "asked" | "camera-lost" | "server-gone" | "disk-full" | "encoder-failed";

/** A finished recording. */
export interface Recorded {
  readonly media: Blob;
  readonly sidecar: Sidecar;
  /** A small JPEG. */
  readonly thumbnail: Blob;
  readonly durationMs: number;
  readonly width: number;
  readonly height: number;
  readonly createdMs: number;
  readonly means: Means;
}

/** The running part of a recording. */
export interface Running {
  readonly means: Means;
  readonly startedMs: number;
  /** Length of the pauses that are over. */
  readonly pausedMs: number;
  /** Since when it is paused, or null; the tab hidden counts as a pause. */
  readonly pausedSinceMs: number | null;
  readonly hidden: boolean;
  readonly bytes: number;
  readonly markers: readonly Marker[];
}

/** A recording that waits for people to keep or discard it. */
export interface Preview {
  readonly kind: "preview";
  readonly recorded: Recorded;
  readonly cause: StopCause;
  readonly name: string;
  /** The part to keep, in ms from the beginning. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Whether it is being kept now. */
  readonly keeping: boolean;
  /** Why it could not be kept, in words; empty where nothing went wrong. */
  readonly problem: string;
}

export type RecorderState =
  | { readonly kind: "rest" }
  | { readonly kind: "countdown"; readonly left: number }
  | { readonly kind: "opening" }
  | ({ readonly kind: "recording" } & Running)
  | { readonly kind: "finishing"; readonly cause: StopCause; readonly markers: readonly Marker[] }
  | Preview;

/** The recorder before its first recording. */
export const REST: RecorderState = { kind: "rest" };

/** Shortest part that can be kept, in ms. */
export const SHORTEST_MS = 100;

/** How long a recording is at a time, its pauses left out, in ms. */
export function elapsedMs({ startedMs, pausedMs, pausedSinceMs }: Running, nowMs: number): number {
  return (pausedSinceMs ?? nowMs) - startedMs - pausedMs;
}

/** Why a recording ended before somebody asked for it, in words; empty where somebody did. */
export function causeWords(cause: StopCause): string {
  switch (cause) {
    case "asked":
      return "";
    case "camera-lost":
      return "The picture changed or the camera was lost. The part until then is here.";
    case "server-gone":
      return "The server could not be reached any more. The part until then is here.";
    case "disk-full":
      return "There is no more room for the recording. The part until then is here.";
    case "encoder-failed":
      return "The browser could not continue encoding. The part until then is here.";
    default: {
      const _never: never = cause;
      return _never;
    }
  }
}
