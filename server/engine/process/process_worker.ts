/** The engine's process as the server sees it: a worker behind a connection. */
import type { EngineWorker } from "../worker/host/link.ts";
import type { WorkerRequest } from "../worker/host/messages.ts";
import type { Channel } from "./channel.ts";
import { encodePacket, type Packet, type Received } from "./packets.ts";
import type { AnotherWanted, FromProcess } from "./messages.ts";

/** Bytes of calls that may wait for their replies: more than all viewers' pictures. */
const MAX_WAITING_BYTES = 2 ** 28;

/** A worker in a process that connects sooner or later; ended at once and completely by `terminate`. */
export class ProcessWorker implements EngineWorker {
  onmessage: EngineWorker["onmessage"] = null;
  onerror: EngineWorker["onerror"] = null;
  onmessageerror: EngineWorker["onmessageerror"] = null;
  #channel: Channel | null = null;
  #ended = false;
  /** Packets from before the connection. */
  #early: Packet[] = [];
  /** Bytes of calls without a reply, by their ids. */
  readonly #waiting = new Map<number, number>();
  #waitingBytes = 0;
  readonly #maxWaitingBytes: number;
  readonly #onTerminate: () => void;

  /**
   * @param onTerminate called once, when the worker is ended by its user
   * @param maxWaitingBytes bytes of calls that may wait for their replies
   */
  constructor(onTerminate: () => void, maxWaitingBytes = MAX_WAITING_BYTES) {
    this.#onTerminate = onTerminate;
    this.#maxWaitingBytes = maxWaitingBytes;
  }

  /** Gives the worker its process. */
  attach(channel: Channel): void {
    this.#channel = channel;
    channel.events = { onMessage: (received) => this.#take(received), onEnd: (...why) => this.fail(...why) };
    for (const packet of this.#early) channel.send(packet);
    this.#early = [];
  }

  /** Asks through this worker's process for another one; false where there is no process to ask. */
  askForAnother(): boolean {
    if (this.#ended || this.#channel === null) return false;
    this.#channel.send(encodePacket({ call: "another" } satisfies AnotherWanted));
    return true;
  }

  /** Says that the worker has died; `cause` is what was thrown, where something was. */
  fail(reason: string, cause?: unknown): void {
    if (this.#ended) return;
    this.onerror?.(new ErrorEvent("error", { message: reason, error: cause, cancelable: true }));
  }

  /** @throws RangeError where too many bytes wait for replies; as `encodePacket` does */
  postMessage(request: WorkerRequest, transfer: Transferable[]): void {
    if (this.#ended) return;
    const packet = encodePacket(request, transfer.map(bufferOf));
    if (request.call !== "release") this.#count(request.id, packet.bytes);
    if (this.#channel === null) this.#early.push(packet);
    else this.#channel.send(packet);
  }

  terminate(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#early = [];
    // The process exits when its connection has gone, whatever its worker is busy with.
    this.#channel?.close();
    this.#onTerminate();
  }

  #count(id: number, bytes: number): void {
    if (this.#waitingBytes + bytes > this.#maxWaitingBytes) {
      throw new RangeError(
        `expected at most ${this.#maxWaitingBytes} bytes to wait for the engine, got ${
          this.#waitingBytes + bytes
        }`,
      );
    }
    this.#waiting.set(id, bytes);
    this.#waitingBytes += bytes;
  }

  #take(received: Received): void {
    // Both ends are of one program, and the greeting says of which form.
    const message = received.message as FromProcess;
    switch (message.kind) {
      case "reply": {
        const { reply } = message;
        if ("ok" in reply) {
          this.#waitingBytes -= this.#waiting.get(reply.id) ?? 0;
          this.#waiting.delete(reply.id);
        }
        this.onmessage?.(new MessageEvent("message", { data: reply }));
        return;
      }
      case "alive":
        return;
      case "fault":
        return this.fail(message.message);
      case "unreadable":
        this.onmessageerror?.(new MessageEvent("messageerror"));
        return;
      default:
        message satisfies never;
    }
  }
}

function bufferOf(transferred: Transferable): ArrayBuffer {
  if (transferred instanceof ArrayBuffer) return transferred;
  throw new TypeError("expected buffers to move to the engine's process, got something else");
}
