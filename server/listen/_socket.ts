/** WebSockets on a connection: bounded before they are buffered, and closed so that the reason arrives. */
import type { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
// @ts-types="./_ws.d.ts"
import { WebSocket, WebSocketServer } from "ws";
import { ERRORS } from "../../shared/errors.ts";
import { GOODBYE_MS, MAX_MESSAGE_BYTES } from "../../shared/limits.ts";
import type { Connection } from "./connection.ts";
import type { OpenSocket, SocketLimits, SocketUser } from "./port.ts";

/** Parts that one message may come in; browsers use a few. */
const MAX_FRAGMENTS = 1_024;

/** Pieces that an unfinished message may lie in as the network delivers it: each costs more than its bytes. */
const MAX_PIECES = 16_384;

/** Bytes that a masked control frame has beside its payload, and the most that a data frame has. */
const CONTROL_HEADER_BYTES = 6;
const DATA_HEADER_BYTES = 14;

/** Close code of a message that is too large (RFC 6455, 7.4.1). */
const TOO_LARGE = 1009;

/** Lets whoever uses the socket say why before the library closes it for a message that is too large. */
class BoundedSocket extends WebSocket {
  onTooLarge: () => void = () => {};

  override close(code?: number, reason?: string): void {
    if (code === TOO_LARGE && reason === undefined) this.onTooLarge();
    super.close(code, reason);
  }
}

const protocol = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: MAX_MESSAGE_BYTES,
  maxFragments: MAX_FRAGMENTS,
  maxBufferedChunks: MAX_PIECES,
  WebSocket: BoundedSocket,
});

/** A socket that the server holds open. */
export interface HeldSocket {
  close(code: number, reason: string): void;
}

/** What a socket is made of. */
export interface SocketParts {
  readonly incoming: IncomingMessage;
  readonly connection: Connection;
  /** First bytes after the request. */
  readonly head: Buffer;
  readonly limits: SocketLimits;
  readonly open: (socket: OpenSocket) => SocketUser | null;
  /** Receives what a user's code threw; the socket is closed with 1011. */
  readonly onFault: (error: unknown) => void;
  readonly onEnd: (socket: HeldSocket) => void;
}

/** Answers the upgrade and hands the socket over; null where the handshake was refused. */
export function openSocket(parts: SocketParts): HeldSocket | null {
  const { incoming, connection, head } = parts;
  let held: HeldSocket | null = null;
  protocol.handleUpgrade(incoming, connection, head, (raw) => {
    connection.becomeSocket();
    held = hold(raw, parts);
  });
  return held;
}

function hold(raw: BoundedSocket, parts: SocketParts): HeldSocket {
  const { connection, limits, open, onFault, onEnd } = parts;
  let user: SocketUser | null = null;
  let isFirst = true;
  /** Bytes that have come of a message that is not complete. */
  let unfinished = 0;
  const isOpen = () => raw.readyState === WebSocket.OPEN;
  const socket: OpenSocket = {
    address: connection.remoteAddress,
    send(data) {
      if (isOpen()) raw.send(data);
    },
    close(code, reason) {
      if (!isOpen()) return;
      raw.close(code, reason);
      connection.endWithin(GOODBYE_MS);
    },
    get bufferedBytes() {
      return raw.bufferedAmount;
    },
  };
  const guarded = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      onFault(error);
      socket.close(ERRORS["server-fault"].close, "server-fault");
    }
  };
  const limit = () => isFirst ? limits.firstBytes : limits.laterBytes;
  const refuse = () => guarded(() => limits.refuse(socket, isFirst));
  raw.binaryType = "arraybuffer";
  raw.onTooLarge = refuse;
  raw.on("message", (data) => {
    unfinished = 0;
    if (!isOpen() || user === null) return;
    // By `binaryType` a binary message is an ArrayBuffer; a text is a Buffer all the same.
    const message = data instanceof ArrayBuffer ? new Uint8Array(data) : String(data);
    if (data.byteLength > limit()) return refuse();
    isFirst = false;
    guarded(() => user?.receive(message));
  });
  const onControl = ({ byteLength }: Uint8Array) => unfinished -= byteLength + CONTROL_HEADER_BYTES;
  raw.on("ping", onControl).on("pong", onControl);
  // Counted before the library reads it, as what completes a message belongs to it.
  connection.prependListener("data", (chunk: Uint8Array) => unfinished += chunk.byteLength);
  connection.on("data", () => {
    if (unfinished <= limit() + DATA_HEADER_BYTES) return;
    if (isOpen()) refuse();
    // What comes after the goodbye is not even kept until it is a message.
    connection.sayGoodbye(null, GOODBYE_MS);
  });
  raw.on("error", () => {
    // Each is followed by the close.
  });
  raw.on("close", () => {
    onEnd(socket);
    guarded(() => user?.closed());
  });
  guarded(() => user = open(socket));
  return socket;
}
