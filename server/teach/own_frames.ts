/** Frames at an engine that another one's viewers have frames at too. */
import type { FrameKey } from "../engine/port.ts";

/** Viewers' frames count up from 1, those of requests down from −1: neither comes this far. */
const FIRST = 2 ** 51;

let last = FIRST;

/** A key that no other frame of this server has. */
export function ownFrame(): FrameKey {
  return ++last;
}
