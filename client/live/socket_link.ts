/** The WebSocket at the edge of the connection reducer: timers, retries, browser events. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { ClientMessage, FlipAsked, Pane, View } from "../../shared/protocol.ts";
import type { StageState } from "../../shared/remote.ts";
import { Heart } from "../../shared/heart.ts";
import { PROTOCOL_VERSION } from "../../shared/limits.ts";
import { connect, type ConnectionEffect, type ConnectionEvent, type ConnectionState } from "./connection.ts";
import { readMessage, readTile } from "./incoming.ts";
import type { Link, LinkPorts } from "./link.ts";
import { pageClock } from "./page_clock.ts";
import { whenBack } from "./when_back.ts";
import { whyRefused } from "./why_refused.ts";

/** Stands for no key where a show ends. */
const NO_KEY = "0".repeat(32);

/** A link through a WebSocket; nothing happens until `start()`. */
export class SocketLink implements Link {
  readonly #ports: LinkPorts;
  readonly #state = signal<ConnectionState>({ phase: "idle" });
  readonly #listeners = new AbortController();
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Beats while the connection is live. */
  #heart: Heart | null = null;

  constructor(ports: LinkPorts) {
    this.#ports = ports;
    whenBack(() => {
      this.hurry();
      this.#heart?.doubt();
    }, this.#listeners.signal);
  }

  get state(): ReadonlySignal<ConnectionState> {
    return this.#state;
  }

  start(): void {
    this.#apply({ kind: "start" });
  }

  hurry(): void {
    this.#apply({ kind: "hurry" });
  }

  wanted(): void {
    this.#apply({ kind: "wanted" });
  }

  stalled(): void {
    this.#apply({ kind: "stalled" });
  }

  sendView(view: View): void {
    this.#ask({ type: "view", view });
  }

  sendPanes(panes: Pane[]): void {
    this.#ask({ type: "panes", panes });
  }

  sendLog(on: boolean): void {
    this.#ask({ type: "log", on });
  }

  sendShare(key: string | null): void {
    this.#ask({ type: "share", on: key !== null, key: key ?? NO_KEY });
  }

  sendStage(stage: StageState): void {
    if (this.#state.value.phase === "live") this.#say({ type: "stage", stage });
  }

  sendFlip(asked: FlipAsked): boolean {
    if (this.#state.value.phase !== "live") return false;
    this.#say({ type: "flip", ...asked });
    return true;
  }

  sendReasons(on: boolean): void {
    this.#ask({ type: "reasons", on });
  }

  sendFrame(bytes: Uint8Array<ArrayBuffer>): boolean {
    if (this.#state.value.phase !== "live" || this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(bytes);
    return true;
  }

  dispose(): void {
    this.#listeners.abort();
    clearTimeout(this.#timer);
    this.#heart?.stop();
    this.#drop();
  }

  #apply(event: ConnectionEvent): void {
    const wasLive = this.#state.value.phase === "live";
    const step = connect(this.#state.value, event);
    this.#state.value = step.state;
    const isLive = step.state.phase === "live";
    if (wasLive !== isLive) {
      this.#heart?.stop();
      this.#heart = isLive ? this.#newHeart() : null;
      this.#ports.onLive(isLive);
    }
    for (const effect of step.effects) this.#perform(effect);
  }

  #perform(effect: ConnectionEffect): void {
    switch (effect.kind) {
      case "open":
        return this.#open();
      case "hello":
        return this.#say({ type: "hello", version: PROTOCOL_VERSION, view: this.#ports.view() });
      case "close":
        return this.#abandon();
      case "drop":
        return this.#drop();
      case "ask-why":
        void whyRefused().then((words) => words === null || this.#apply({ kind: "refused", words }));
        return;
      case "wake":
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#apply({ kind: "due" }), effect.inMs);
        return;
      case "sleep":
        return clearTimeout(this.#timer);
      default: {
        const _never: never = effect;
        return _never;
      }
    }
  }

  #open(): void {
    const opened = new WebSocket(this.#ports.url);
    opened.binaryType = "arraybuffer";
    this.#socket = opened;
    const isNewest = () => this.#socket === opened;
    opened.addEventListener("open", () => isNewest() && this.#apply({ kind: "opened" }));
    opened.addEventListener("message", (event: MessageEvent<unknown>) => {
      if (isNewest()) this.#receive(event.data);
    });
    opened.addEventListener("close", (event) => isNewest() && this.#ended(event.code));
  }

  /** Takes what came; what does not fit the protocol is ignored. */
  #receive(data: unknown): void {
    this.#heart?.heard();
    if (data instanceof ArrayBuffer) {
      const tile = readTile(data);
      if (tile !== null && this.#state.value.phase === "live") this.#ports.onTile(tile);
      return;
    }
    const message = typeof data === "string" ? readMessage(data) : null;
    if (message === null || message.type === "pong") return;
    if (message.type === "ping") return this.#say({ type: "pong" });
    if (message.type === "error") this.#apply({ kind: "told", code: message.code, message: message.message });
    // The page learns the model first, so that it knows the frame's size when frames may go.
    this.#ports.onMessage(message);
    if (message.type === "welcome") this.#apply({ kind: "welcomed", nowMs: performance.now() });
  }

  #ended(closeCode: number): void {
    this.#socket = null;
    this.#apply({ kind: "closed", closeCode, nowMs: performance.now(), random: Math.random() });
  }

  /** A socket that hangs may take a minute to report its close, so the page does not wait for it. */
  #abandon(): void {
    this.#drop();
    this.#ended(1006);
  }

  #drop(): void {
    const left = this.#socket;
    this.#socket = null;
    left?.close();
  }

  #newHeart(): Heart {
    return new Heart({
      clock: pageClock,
      ping: () => this.#say({ type: "ping" }),
      giveUp: () => this.#apply({ kind: "stalled" }),
    });
  }

  #say(message: ClientMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  /** Says what somebody asks for; where the seat is gone the page asks for a new one, and says it all again then. */
  #ask(message: ClientMessage): void {
    if (this.#state.value.phase === "live") this.#say(message);
    else this.#apply({ kind: "wanted" });
  }
}
