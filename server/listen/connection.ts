/** A TCP connection as a stream for Node's HTTP server, with a clock for each phase of its life. */
import { Duplex } from "node:stream";

/** How long a connection may keep the server waiting, in ms. */
export interface ConnectionTimes {
  /** From its first byte, or from being opened, to the end of a request's headers. */
  readonly headerMs: number;
  /** Between an answer and the next request. */
  readonly idleMs: number;
  /** Without taking a byte of what is sent to it. */
  readonly stallMs: number;
}

/**
 * - `headers`: a request is expected or has begun
 * - `busy`: a request is being answered
 * - `idle`: the last one was answered, nothing has come since
 * - `socket`: it is a WebSocket, whose heartbeat takes care of it
 * - `closing`: the goodbye was said
 */
export type Phase = "headers" | "busy" | "idle" | "socket" | "closing";

/** Bytes that are read at a time: few while little comes, more when it comes quickly. */
const FIRST_READ_BYTES = 4 * 1024;
const MAX_READ_BYTES = 256 * 1024;

/** Bytes that wait on either side before the other one is slowed down. */
const HIGH_WATER_BYTES = 64 * 1024;

/** Parts that are sent as one below this size, so that a message's header is no packet of its own. */
const JOINED_BYTES = 64 * 1024;

/** A connection that was accepted. */
export class Connection extends Duplex {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly #tcp: Deno.TcpConn;
  readonly #times: ConnectionTimes;
  readonly #onLate: (connection: Connection) => void;
  #phase: Phase = "headers";
  #sinceMs = performance.now();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reading = false;
  /** More was asked for while it was being read. */
  #wanted = false;
  #readBytes = FIRST_READ_BYTES;
  #hasBegun = false;
  /** What comes is thrown away. */
  #discarding = false;
  /** Requests that are not answered yet: more than one where a client does not wait for answers. */
  #requests = 0;

  /** `onLate` is called when a request's headers do not come in time. */
  constructor(tcp: Deno.TcpConn, times: ConnectionTimes, onLate: (connection: Connection) => void) {
    super({ readableHighWaterMark: HIGH_WATER_BYTES, writableHighWaterMark: HIGH_WATER_BYTES });
    this.#tcp = tcp;
    this.#times = times;
    this.#onLate = onLate;
    const { hostname, port } = tcp.remoteAddr;
    this.remoteAddress = hostname;
    this.remotePort = port;
    tcp.setNoDelay(true);
    this.#enter("headers");
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Whether anything has come of a request since the last one. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Requests that are not answered yet. */
  get requests(): number {
    return this.#requests;
  }

  /** When its phase began, in ms of `performance.now()`. */
  get sinceMs(): number {
    return this.#sinceMs;
  }

  /** A request's headers have come. */
  beginRequest(): void {
    this.#requests++;
    if (this.#phase !== "closing") this.#enter("busy");
  }

  /** A request was answered, or its client has gone. */
  endRequest(): void {
    this.#requests--;
    if (this.#requests > 0 || this.#phase !== "busy") return;
    this.#hasBegun = false;
    this.#enter("idle");
  }

  /** It is a WebSocket from now on. */
  becomeSocket(): void {
    this.#enter("socket");
  }

  /** Sends the last bytes (null: none), throws away what still comes, and ends when the other side does or after `ms`. */
  sayGoodbye(bytes: string | null, ms: number): void {
    if (this.destroyed) return;
    this.endWithin(ms);
    this.#discard();
    if (bytes !== null && this.writable) this.write(bytes);
    this.end();
    this.once("end", () => this.destroySoon());
  }

  /** The goodbye was said: the other side has `ms` to answer it. */
  endWithin(ms: number): void {
    if (this.destroyed) return;
    this.#enter("closing");
    this.#timer = setTimeout(() => this.destroy(), ms);
  }

  #discard(): void {
    this.#discarding = true;
    this.removeAllListeners("data");
    this.on("data", () => {});
    this.resume();
  }

  /** Closes once everything is sent, as Node's HTTP server asks a socket to. */
  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once("finish", () => this.destroy());
  }

  /** Node's HTTP server sets times that the phases here take care of. */
  setTimeout(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  override _read(): void {
    this.#wanted = true;
    if (!this.#reading) void this.#pump();
  }

  override _write(bytes: Uint8Array, _encoding: string, done: (error?: Error | null) => void): void {
    this.#send([bytes]).then(() => done(), done);
  }

  override _writev(chunks: { chunk: Uint8Array }[], done: (error?: Error | null) => void): void {
    this.#send(joined(chunks.map(({ chunk }) => chunk))).then(() => done(), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    // An end that is gone already hears nothing.
    this.#tcp.closeWrite().then(() => done(), () => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#timer);
    this.#tcp.close();
    done(error);
  }

  #enter(phase: Phase): void {
    clearTimeout(this.#timer);
    if (this.destroyed) return;
    this.#phase = phase;
    this.#sinceMs = performance.now();
    const { headerMs, idleMs } = this.#times;
    if (phase === "headers") this.#timer = setTimeout(() => this.#onLate(this), headerMs);
    if (phase === "idle") this.#timer = setTimeout(() => this.destroy(), idleMs);
  }

  async #pump(): Promise<void> {
    this.#reading = true;
    try {
      let buffer = new Uint8Array(this.#readBytes);
      for (;;) {
        const length = await this.#tcp.read(buffer);
        if (this.destroyed) return;
        if (length === null) {
          this.push(null);
          return;
        }
        if (this.#discarding) continue;
        this.#hasBegun = true;
        if (this.#phase === "idle") this.#enter("headers");
        if (length === buffer.length) this.#readBytes = Math.min(MAX_READ_BYTES, 4 * buffer.length);
        this.#wanted = false;
        // A copy of its own size: what is kept of a message must not hold on to a large buffer.
        const hasRoom = this.push(buffer.slice(0, length));
        if (!hasRoom && !this.#wanted) return;
        if (buffer.length < this.#readBytes) buffer = new Uint8Array(this.#readBytes);
      }
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#reading = false;
    }
  }

  async #send(parts: readonly Uint8Array[]): Promise<void> {
    for (const part of parts) {
      for (let sent = 0; sent < part.length;) {
        const stalled = setTimeout(() => this.destroy(), this.#times.stallMs);
        try {
          sent += await this.#tcp.write(sent === 0 ? part : part.subarray(sent));
        } finally {
          clearTimeout(stalled);
        }
      }
    }
  }
}

function joined(parts: readonly Uint8Array[]): readonly Uint8Array[] {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length > JOINED_BYTES) return parts;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return [whole];
}
