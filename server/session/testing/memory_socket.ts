import type { Socket } from "../socket.ts";

/** The in-memory twin: keeps what was sent, and is as slow as the test wants. */
export class MemorySocket implements Socket {
  /** Every text message sent so far. */
  readonly texts: string[] = [];
  /** Every binary message sent so far. */
  readonly binaries: Uint8Array<ArrayBuffer>[] = [];
  closed: { readonly code: number; readonly reason: string } | null = null;
  /** Set by the test: what a client that does not read leaves behind. */
  bufferedBytes = 0;
  readonly address: string;
  readonly own: boolean;

  constructor(address = "127.0.0.1", own = true) {
    this.address = address;
    this.own = own;
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    if (this.closed !== null) return;
    if (typeof data === "string") this.texts.push(data);
    else this.binaries.push(data);
  }

  close(code: number, reason: string): void {
    this.closed ??= { code, reason };
  }
}
