/** What follows a viewer: those who watch its show, and the writer of its decision log. */
import type { FileFormat, Tile } from "../../shared/codec.ts";
import type { GradcastError } from "../../shared/errors.ts";
import type { ServerMessage } from "../../shared/protocol.ts";
import type { RemoteCommand, StageState } from "../../shared/remote.ts";

/** What an observer receives; it must not keep the session waiting. */
export interface ViewerObserver {
  /** A frame goes to the engine. */
  frame(id: number, format: FileFormat, picture: Uint8Array<ArrayBuffer>): void;
  /** A message goes to the viewer. */
  said(message: ServerMessage, sent: SentMessage): void;
  /** A tile of the main pane goes to the viewer, as `bytes`. */
  tile(tile: Tile, bytes: Uint8Array<ArrayBuffer>): void;
  /** The viewer's stage looks like this now. */
  stage(stage: StageState): void;
  /** The viewer wants no observer any more. */
  end(): void;
  /** The viewer's connection is gone; it may come back. */
  left(): void;
}

/** How a message goes to the viewer. */
export interface SentMessage {
  readonly text: string;
  /** Method of the main pane. */
  readonly method: string;
}

/** What the decision log reports to the viewer. */
export interface LogNews {
  /** An entry is on the disk. */
  logged(id: number, label: string): void;
  /** Some of what is seen is left out. */
  leftOut(error: GradcastError): void;
  /** Nothing can be written any more. */
  failed(error: GradcastError): void;
}

/** What a show reports to the viewer. */
export interface ShowNews {
  /** The codes, or how many watch, changed; null: another viewer has taken the show over. */
  shared(show: Shared | null): void;
  /** A remote wants something done. */
  remote(command: RemoteCommand): void;
}

/** A show as its presenter knows it. */
export type Shared = Omit<Extract<ServerMessage, { type: "shared" }>, "type">;
