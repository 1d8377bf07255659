/** The part of ws that is used here; the package has no types, and those of others add Node's beside Deno's. */
import type { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

/** One socket; `close` is given a code alone where the library refuses what came. */
export class WebSocket {
  static readonly OPEN: number;
  readonly readyState: number;
  /** Bytes that were sent and have not left yet. */
  readonly bufferedAmount: number;
  binaryType: "nodebuffer" | "arraybuffer" | "fragments";
  send(data: string | Uint8Array): void;
  close(code?: number, reason?: string): void;
  /** A text comes as Buffer, whatever `binaryType` says. */
  on(event: "message", listener: (data: Buffer | ArrayBuffer, isBinary: boolean) => void): this;
  on(event: "ping" | "pong", listener: (data: Buffer) => void): this;
  on(event: "close", listener: (code: number, reason: Buffer) => void): this;
  on(event: "error", listener: (error: Error) => void): this;
}

/** What answers upgrades. */
export class WebSocketServer<Socket extends WebSocket> {
  constructor(options: {
    readonly noServer: true;
    readonly clientTracking: boolean;
    readonly perMessageDeflate: false;
    /** Bytes of a message at most, all of its fragments counted. */
    readonly maxPayload: number;
    readonly maxFragments: number;
    /** Pieces of an unfinished message at most, as they were read. */
    readonly maxBufferedChunks: number;
    readonly WebSocket: new () => Socket;
  });
  handleUpgrade(
    request: IncomingMessage,
    stream: Duplex,
    head: Buffer,
    done: (socket: Socket) => void,
  ): void;
}
