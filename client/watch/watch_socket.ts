/** The web socket of a watch page: one at a time, with its heartbeat. */
import { type BundlePart, decodeBundle } from "../../shared/bundle.ts";
import { Heart } from "../../shared/heart.ts";
import type { HeartbeatMessage } from "../../shared/protocol.ts";
import type { RemoteCommand } from "../../shared/remote.ts";
import { readMessage } from "../live/incoming.ts";
import { pageClock } from "../live/page_clock.ts";

/** How a socket ended that neither side closed in order. */
const ABNORMAL = 1006;

/** What a socket reports. */
export interface WatchSocketEvents {
  /** A bundle came that fits the protocol. */
  readonly onParts: (parts: readonly BundlePart[]) => void;
  /** It ended by itself; `heard`: whether anything came before. */
  readonly onEnd: (code: number, heard: boolean) => void;
}

/** A socket that may be opened again and again. */
export class WatchSocket {
  readonly #url: string;
  readonly #events: WatchSocketEvents;
  #socket: WebSocket | null = null;
  /** Beats while the connection is live. */
  #heart: Heart | null = null;

  constructor(url: string, events: WatchSocketEvents) {
    this.#url = url;
    this.#events = events;
  }

  open(): void {
    const opened = new WebSocket(this.#url);
    opened.binaryType = "arraybuffer";
    this.#socket = opened;
    let heard = false;
    opened.addEventListener("message", (event: MessageEvent<unknown>) => {
      if (this.#socket !== opened) return;
      heard = true;
      this.#heart?.heard();
      this.#take(event.data);
    });
    opened.addEventListener("close", ({ code }) => {
      if (this.#socket === opened) this.#end(code, heard);
    });
  }

  /** Closes it without a report. */
  drop(): void {
    const left = this.#socket;
    this.#socket = null;
    left?.close();
  }

  /** Starts or ends the heartbeat. */
  beat(on: boolean): void {
    this.#heart?.stop();
    this.#heart = on
      ? new Heart({
        clock: pageClock,
        ping: () => this.send({ type: "ping" }),
        giveUp: () => this.#giveUp(),
      })
      : null;
  }

  /** Asks at once whether the other side is still there. */
  doubt(): void {
    this.#heart?.doubt();
  }

  /** Sends a message; nothing happens while the socket is not open. */
  send(message: RemoteCommand | HeartbeatMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #take(data: unknown): void {
    if (typeof data === "string" && readMessage(data)?.type === "ping") this.send({ type: "pong" });
    if (!(data instanceof ArrayBuffer)) return;
    const parts = readBundle(data);
    if (parts !== null) this.#events.onParts(parts);
  }

  #end(code: number, heard: boolean): void {
    this.#socket = null;
    this.#events.onEnd(code, heard);
  }

  /** A socket that hangs may take a minute to report its close, so the page does not wait for it. */
  #giveUp(): void {
    this.drop();
    this.#end(ABNORMAL, true);
  }
}

function readBundle(data: ArrayBuffer): BundlePart[] | null {
  try {
    return decodeBundle(new Uint8Array(data));
  } catch {
    // What does not fit the protocol is left out: the next bundle may fit.
    return null;
  }
}
