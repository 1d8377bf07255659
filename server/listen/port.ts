/** What the listening server hands to the app beside a request, and the sockets that it opens for it. */

/** The other end of a connection. */
export interface Peer {
  readonly remoteAddr: {
    /** Numeric address, for example `192.168.1.7` or `::1`. */
    readonly hostname: string;
    readonly port: number;
  };
}

/** What goes with each request. */
export interface Bindings extends Peer {
  /** HTTP's version, `1.1` or `1.0`. */
  readonly httpVersion: string;
  /** Turns the connection into a WebSocket; absent where the request does not ask for one. */
  readonly upgrade?: Upgrade;
}

/** An open WebSocket. */
export interface OpenSocket {
  /** Sends a message; ignored once the socket closes. */
  send(data: string | Uint8Array<ArrayBuffer>): void;
  /** Closes with a code and words of at most 123 bytes (E3); later calls are ignored. */
  close(code: number, reason: string): void;
  /** Bytes that were sent and have not left yet. */
  readonly bufferedBytes: number;
  /** The other end's numeric address. */
  readonly address: string;
}

/** Who takes the messages of a socket. */
export interface SocketUser {
  receive(data: string | Uint8Array<ArrayBuffer>): void;
  /** The socket has closed; called once. */
  closed(): void;
}

/** How large messages may be, in bytes; a larger one is refused before it is buffered (N6). */
export interface SocketLimits {
  /** The first message, before which nobody knows who speaks. */
  readonly firstBytes: number;
  /** Every later one, at most `MAX_MESSAGE_BYTES`. */
  readonly laterBytes: number;
  /** Says goodbye to who sends more; nothing that comes afterwards is read. */
  readonly refuse: (socket: OpenSocket, isFirst: boolean) => void;
}

/** Accepts the upgrade; the answer is what the route returns. `open` gives null where it closed the socket. */
export type Upgrade = (limits: SocketLimits, open: (socket: OpenSocket) => SocketUser | null) => Response;

/** Answers requests, as an app's `fetch` does. */
export type Answer = (request: Request, bindings: Bindings) => Response | Promise<Response>;
