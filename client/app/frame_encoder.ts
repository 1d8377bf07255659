/** Encodes what the stream sends of the picture on the stage. */
import { MAX_FRAME_BYTES } from "../../shared/limits.ts";
import type { FramePicture } from "../live/frame_sender.ts";
import type { LivePorts } from "../live/live_session.ts";
import { type InputSize, SquareEncoder } from "../picture/square_encoder.ts";
import type { Surface } from "../picture/surface.ts";

/** Room that a frame leaves for its copy, in bytes. */
const MAX_COPY_BYTES = 128 * 1024;

/** What an encoder of frames needs. */
export interface FrameEncoderPorts {
  readonly surface: Pick<Surface, "current" | "still">;
  /** Width and height of the network's input, in pixels. */
  readonly input: () => InputSize;
  /** Whether somebody watches or writes: they take a small copy in place of the network's own picture. */
  readonly wantsCopy: () => boolean;
}

/** Makes the stream's encoder. */
export function createFrameEncoder({ surface, input, wantsCopy }: FrameEncoderPorts): LivePorts["encode"] {
  const encoder = new SquareEncoder();
  return (picture, still, slow): FramePicture | null => {
    const encoded = still
      ? encoder.still(surface.still(), input())
      : encoder.moving(picture ?? surface.current(), input(), {
        slow,
        maxBytes: MAX_FRAME_BYTES - MAX_COPY_BYTES,
      });
    const copy = encoded !== null && wantsCopy() ? encoder.copy() : null;
    return encoded === null ? null : { ...encoded, ...(copy !== null && { copy }) };
  };
}
