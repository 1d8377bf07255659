/** Oldest capture time that is believed, in ms before now; a camera pipeline is never slower. */
const OLDEST_MS = 500;

/**
 * Returns the time at which a frame was captured, in ms of `performance.now()`.
 *
 * A camera's own capture time is taken where it is plausible. It may lie after the callback's `now` argument, which
 * is when the rendering step began, but never after the clock itself.
 */
export function capturedAt(captureTimeMs: number | undefined, callbackMs: number, clockMs: number): number {
  const plausible = captureTimeMs !== undefined && captureTimeMs <= clockMs &&
    captureTimeMs >= clockMs - OLDEST_MS;
  return plausible ? captureTimeMs : callbackMs;
}
