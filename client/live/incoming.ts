/** Reads what the server sends; anything that does not fit the protocol becomes null, never an exception. */
import * as v from "valibot";
import { decodeTile, type Tile } from "../../shared/codec.ts";
import { type ServerMessage, ServerMessageSchema } from "../../shared/protocol.ts";

/** Reads a text message of the server, or gives null for one that does not fit the protocol. */
export function readMessage(text: string): ServerMessage | null {
  try {
    const parsed = v.safeParse(ServerMessageSchema, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

/** Reads a binary message of the server, or gives null for one that is not a tile. */
export function readTile(bytes: ArrayBuffer): Tile | null {
  try {
    return decodeTile(new Uint8Array(bytes));
  } catch {
    return null;
  }
}
