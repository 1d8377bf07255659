/** The parts of a bundle as they act on the watch page. Pure. */
import type { BundlePart } from "../../shared/bundle.ts";
import { decodeFrame, type Frame, type Tile } from "../../shared/codec.ts";
import type { ServerMessage } from "../../shared/protocol.ts";
import { readMessage, readTile } from "../live/incoming.ts";

/** One part. */
export type Piece =
  | { readonly kind: "message"; readonly message: ServerMessage }
  | { readonly kind: "tile"; readonly tile: Tile }
  | { readonly kind: "frame"; readonly frame: Frame };

/** Reads the parts of a bundle; what does not fit the protocol is left out. */
export function readPieces(parts: readonly BundlePart[]): Piece[] {
  return parts.map(piece).filter((one) => one !== null);
}

function piece(part: BundlePart): Piece | null {
  if (typeof part === "string") {
    const message = readMessage(part);
    return message === null ? null : { kind: "message", message };
  }
  const tile = readTile(part.slice().buffer);
  if (tile !== null) return { kind: "tile", tile };
  try {
    return { kind: "frame", frame: decodeFrame(part) };
  } catch {
    return null;
  }
}
