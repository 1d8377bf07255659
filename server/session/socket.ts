/** A viewer's connection as a session needs it; the adapter to the real WebSocket lies in `server/app/`. */
export interface Socket {
  send(data: string | Uint8Array<ArrayBuffer>): void;
  /** Closes with a code and words of at most 123 bytes; later calls are ignored. */
  close(code: number, reason: string): void;
  /** Bytes that were sent and have not left yet. */
  readonly bufferedBytes: number;
  /** The other end's numeric address, as the connection has it, for example `192.168.1.7` or `::1`. */
  readonly address: string;
  /** Whether it comes from the server's own machine, past no proxy (H10). */
  readonly own: boolean;
}
