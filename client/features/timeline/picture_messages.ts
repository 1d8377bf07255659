/** What the timeline and its worker say to each other. */
import type { FrameFormat } from "../../../shared/codec.ts";

/** A frame's picture, to be made a JPEG; its bytes are handed over. */
export interface PictureRequest {
  readonly id: number;
  readonly format: FrameFormat;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Size of the network's input, in pixels. */
  readonly width: number;
  readonly height: number;
}

/** The JPEG; null where the browser encodes none. */
export interface PictureAnswer {
  readonly id: number;
  readonly picture: Blob | null;
}
