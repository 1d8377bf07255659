/** A viewer's connection as the session knows it: what it can be asked, and what it reports. */
import type { ReadonlySignal } from "@preact/signals";
import type { Tile } from "../../shared/codec.ts";
import type { FlipAsked, Pane, ServerMessage, View } from "../../shared/protocol.ts";
import type { StageState } from "../../shared/remote.ts";
import type { ConnectionState } from "./connection.ts";

/** What a link needs, and where it reports to. */
export interface LinkPorts {
  /** Address of the socket, `ws://host/ws`. */
  readonly url: string;
  /** The view that a hello carries; asked at every connection. */
  readonly view: () => View;
  readonly onMessage: (message: ServerMessage) => void;
  readonly onTile: (tile: Tile) => void;
  /** Called when frames may be sent (true) and when they may not any more (false). */
  readonly onLive: (live: boolean) => void;
}

/** One viewer's connection that comes back by itself. */
export interface Link {
  readonly state: ReadonlySignal<ConnectionState>;
  start(): void;
  /** Tries again now instead of after the pause. */
  hurry(): void;
  /** There is a picture to show: connects again where the seat went to somebody else meanwhile. */
  wanted(): void;
  /** Ends a connection through which nothing comes any more, to make a new one. */
  stalled(): void;
  sendView(view: View): void;
  /** Asks for maps beside the main one; all of them at once (P2). */
  sendPanes(panes: Pane[]): void;
  /** Asks that what is seen be written down, or not (L1). */
  sendLog(on: boolean): void;
  /** Lets others watch under a key, or nobody any more (null; W1). */
  sendShare(key: string | null): void;
  /** Reports to those who watch how the stage looks (W5). */
  sendStage(stage: StageState): void;
  /** Looks for a region that changes the answer, or ends the search; false where there is no connection (U6). */
  sendFlip(asked: FlipAsked): boolean;
  /** Asks what the view's maps rest on, or not any more (S1). */
  sendReasons(on: boolean): void;
  /** Sends a frame's bytes; false where the connection takes none now. */
  sendFrame(bytes: Uint8Array<ArrayBuffer>): boolean;
  /** Closes for good and removes every listener. */
  dispose(): void;
}
