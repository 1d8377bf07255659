/** Calls back once per new picture: at every frame of a video, or at a steady rate for a canvas that is drawn. */
import { capturedAt } from "./captured.ts";

/** Pictures per second of a pan, and of videos in browsers without `requestVideoFrameCallback`. */
const DRAWN_PER_SECOND = 30;

/** Reports that a new picture is there: now and when it was captured, in ms of `performance.now()`. */
export type OnFrame = (nowMs: number, capturedMs: number) => void;

/** Stops the calls. */
export type Stop = () => void;

/** Calls back at every new frame of a playing video. */
export function everyVideoFrame(video: HTMLVideoElement, onFrame: OnFrame): Stop {
  if (!("requestVideoFrameCallback" in video)) return everyPicture(onFrame);
  let handle = 0;
  const step: VideoFrameRequestCallback = (callbackMs, frame) => {
    handle = video.requestVideoFrameCallback(step);
    const nowMs = performance.now();
    onFrame(nowMs, capturedAt(frame.captureTime, callbackMs, nowMs));
  };
  handle = video.requestVideoFrameCallback(step);
  return () => video.cancelVideoFrameCallback(handle);
}

/** Calls back at most 30 times a second, when the browser draws anyway. */
export function everyPicture(onFrame: OnFrame): Stop {
  let handle = 0;
  let next = 0;
  const step = (callbackMs: number) => {
    handle = requestAnimationFrame(step);
    // Half a screen frame of tolerance keeps 30 a second on a 60-Hz screen instead of 20.
    if (callbackMs < next - 8) return;
    next = Math.max(next, callbackMs - 1000 / DRAWN_PER_SECOND) + 1000 / DRAWN_PER_SECOND;
    onFrame(performance.now(), callbackMs);
  };
  handle = requestAnimationFrame(step);
  return () => cancelAnimationFrame(handle);
}
