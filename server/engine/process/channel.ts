/** One end of the connection between the server and the engine's process: packets out in order, messages in. */
import { systemTicks, Watch } from "../worker/host/watch.ts";
import { type ByteSource, type Packet, PacketReader, type Received } from "./packets.ts";

/** What a channel needs of a connection; a Deno connection is one. */
export interface Connection extends ByteSource {
  /** Writes some bytes of the beginning of `bytes`; returns how many. */
  write(bytes: Uint8Array): Promise<number>;
  close(): void;
}

/** What a channel calls. */
export interface ChannelEvents {
  readonly onMessage: (received: Received) => void;
  /** Called once, when the other side has gone or sent what cannot be read; not after `close`. `cause` is what was thrown. */
  readonly onEnd: (reason: string, cause?: unknown) => void;
}

/** An open connection; it reads from the beginning on. */
export class Channel {
  /** Who hears of this channel; may be exchanged. */
  events: ChannelEvents;
  readonly #connection: Connection;
  readonly #waiting: Uint8Array<ArrayBuffer>[] = [];
  readonly #silence: Watch;
  readonly #silenceLimitMs: number;
  #writing = false;
  #closed = false;

  /** @param silenceLimitMs how long the other side may say nothing, in ms; by default as long as it likes */
  constructor(connection: Connection, events: ChannelEvents, silenceLimitMs = Infinity) {
    this.#connection = connection;
    this.events = events;
    this.#silenceLimitMs = silenceLimitMs;
    this.#silence = new Watch(systemTicks, (limitMs) => this.#end(`it said nothing for ${limitMs} ms`));
    this.#listenOn();
    void this.#read();
  }

  /** Writes a packet after those before it; whoever sends bounds what waits. */
  send({ chunks }: Packet): void {
    if (this.#closed) return;
    this.#waiting.push(...chunks);
    if (!this.#writing) void this.#write();
  }

  /** Closes the connection; what waits is not written any more. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#waiting.length = 0;
    this.#silence.end();
    this.#connection.close();
  }

  #listenOn(): void {
    if (this.#silenceLimitMs < Infinity) this.#silence.begin(this.#silenceLimitMs);
  }

  async #read(): Promise<void> {
    const reader = new PacketReader(this.#connection);
    try {
      for (let received = await reader.next(); received !== null; received = await reader.next()) {
        if (this.#closed) return;
        this.#listenOn();
        this.events.onMessage(received);
      }
      this.#end("its connection ended");
    } catch (error) {
      this.#end("what it sent cannot be read", error);
    }
  }

  async #write(): Promise<void> {
    this.#writing = true;
    try {
      for (let chunk = this.#waiting.shift(); chunk !== undefined; chunk = this.#waiting.shift()) {
        for (let at = 0; at < chunk.length;) at += await this.#connection.write(chunk.subarray(at));
      }
    } catch (error) {
      this.#end("it takes no more messages", error);
    } finally {
      this.#writing = false;
    }
  }

  #end(reason: string, cause?: unknown): void {
    if (this.#closed) return;
    this.close();
    this.events.onEnd(reason, cause);
  }
}
