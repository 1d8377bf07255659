/** Those who look on while a viewer presents: they hear what the viewer is sent. */
import type { FileFormat } from "../../shared/codec.ts";
import type { ServerMessage } from "../../shared/protocol.ts";
import type { RemoteCommand, Stage } from "../../shared/remote.ts";

/** What an audience hears; it must not keep the session waiting. */
export interface Audience {
  /** A frame goes to the engine. */
  frame(id: number, format: FileFormat, picture: Uint8Array<ArrayBuffer>): void;
  /** A message goes to the viewer, as `text`. */
  said(message: ServerMessage, text: string): void;
  /** A tile of the main pane goes to the viewer, as `bytes`; `complete` where it is the map's last. */
  tile(frame: number, complete: boolean, bytes: Uint8Array<ArrayBuffer>): void;
  /** The viewer's stage looks like this now. */
  stage(stage: Stage): void;
  /** The viewer does not present any more. */
  end(): void;
  /** The viewer's connection is gone; it may come back. */
  left(): void;
}

/** What an audience tells the viewer. */
export interface AudienceNews {
  /** The codes, or how many watch, changed; null: another viewer has taken the show over. */
  shared(show: Shared | null): void;
  /** A remote wants something done. */
  remote(command: RemoteCommand): void;
}

/** A show as its presenter knows it. */
export type Shared = Omit<Extract<ServerMessage, { type: "shared" }>, "type">;
