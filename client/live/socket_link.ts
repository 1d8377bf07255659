/** The WebSocket at the rim of the connection reducer: timers, retries, browser events. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Tile } from "../../shared/codec.ts";
import type { ClientMessage, Pane, ServerMessage, View } from "../../shared/protocol.ts";
import type { Stage } from "../../shared/remote.ts";
import { Heart } from "../../shared/heart.ts";
import { PROTOCOL_VERSION } from "../../shared/limits.ts";
import { connect, type ConnectionEffect, type ConnectionEvent, type ConnectionState } from "./connection.ts";
import { readMessage, readTile } from "./incoming.ts";
import { pageClock } from "./page_clock.ts";
import { whenBack } from "./when_back.ts";
import { whyRefused } from "./why_refused.ts";

/** Stands for no key where a show ends. */
const NO_KEY = "0".repeat(32);

/** What a link needs from the page. */
export interface LinkOptions {
  /** Address of the socket, `ws://host/ws`. */
  readonly url: string;
  /** The view that a hello carries; asked at every connection. */
  readonly view: () => View;
  readonly onMessage: (message: ServerMessage) => void;
  readonly onTile: (tile: Tile) => void;
  /** Called when frames may be sent (true) and when they may not any more (false). */
  readonly onLive: (live: boolean) => void;
}

/** One viewer's connection that comes back by itself. */
export interface Link {
  readonly state: ReadonlySignal<ConnectionState>;
  /** Messages that did not fit the protocol and were ignored. */
  readonly ignored: ReadonlySignal<number>;
  start(): void;
  /** Tries again now instead of after the pause. */
  hurry(): void;
  /** There is a picture to show: connects again where the seat went to somebody else meanwhile. */
  wanted(): void;
  /** Ends a connection through which nothing comes any more, to make a new one. */
  stalled(): void;
  sendView(view: View): void;
  /** Asks for maps beside the main one; all of them at once (P2). */
  sendPanes(panes: Pane[]): void;
  /** Asks that what is seen be written down, or not (L1). */
  sendLog(on: boolean): void;
  /** Lets others watch under a key, or nobody any more (null; W1). */
  sendShare(key: string | null): void;
  /** Tells those who watch how the stage looks (W5). */
  sendStage(stage: Stage): void;
  sendFrame(bytes: Uint8Array<ArrayBuffer>): boolean;
  /** Closes for good and removes every listener. */
  dispose(): void;
}

/** Makes a link; nothing happens until `start()`. */
export function createLink(options: LinkOptions): Link {
  const state = signal<ConnectionState>({ phase: "idle" });
  const ignored = signal(0);
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const listeners = new AbortController();
  /** Beats while the connection is live. */
  let heart: Heart | null = null;

  function apply(event: ConnectionEvent): void {
    const wasLive = state.value.phase === "live";
    const step = connect(state.value, event);
    state.value = step.state;
    const isLive = step.state.phase === "live";
    if (wasLive !== isLive) {
      heart?.stop();
      heart = isLive ? newHeart() : null;
      options.onLive(isLive);
    }
    for (const effect of step.effects) perform(effect);
  }

  function perform(effect: ConnectionEffect): void {
    switch (effect.kind) {
      case "open":
        return open();
      case "hello":
        return say({ type: "hello", version: PROTOCOL_VERSION, view: options.view() });
      case "close":
        return abandon();
      case "drop":
        return drop();
      case "ask-why":
        void whyRefused().then((words) => words === null || apply({ kind: "refused", words }));
        return;
      case "wake":
        clearTimeout(timer);
        timer = setTimeout(() => apply({ kind: "due" }), effect.inMs);
        return;
      case "sleep":
        return clearTimeout(timer);
      default: {
        const _never: never = effect;
        return _never;
      }
    }
  }

  function open(): void {
    const opened = new WebSocket(options.url);
    opened.binaryType = "arraybuffer";
    socket = opened;
    opened.addEventListener("open", () => socket === opened && apply({ kind: "opened" }));
    opened.addEventListener("message", (event: MessageEvent<unknown>) => {
      if (socket === opened) receive(event.data);
    });
    opened.addEventListener("close", (event) => socket === opened && ended(event.code));
  }

  function receive(data: unknown): void {
    heart?.heard();
    if (data instanceof ArrayBuffer) {
      const tile = readTile(data);
      if (tile === null) ignored.value++;
      else if (state.value.phase === "live") options.onTile(tile);
      return;
    }
    const message = typeof data === "string" ? readMessage(data) : null;
    if (message === null) {
      ignored.value++;
      return;
    }
    if (message.type === "ping") return say({ type: "pong" });
    if (message.type === "pong") return;
    if (message.type === "error") apply({ kind: "told", code: message.code, message: message.message });
    // The page learns the model first, so that it knows the frame's size when frames may go.
    options.onMessage(message);
    if (message.type === "welcome") apply({ kind: "welcomed", nowMs: performance.now() });
  }

  function ended(closeCode: number): void {
    socket = null;
    apply({ kind: "closed", closeCode, nowMs: performance.now(), random: Math.random() });
  }

  /** A socket that hangs may take a minute to report its close, so the page does not wait for it. */
  function abandon(): void {
    drop();
    ended(1006);
  }

  function drop(): void {
    const left = socket;
    socket = null;
    left?.close();
  }

  function newHeart(): Heart {
    return new Heart({
      clock: pageClock,
      ping: () => say({ type: "ping" }),
      giveUp: () => apply({ kind: "stalled" }),
    });
  }

  function say(message: ClientMessage): void {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  }

  /** Says what somebody asks for; where the seat is gone the page asks for a new one, and says it all again then. */
  function ask(message: ClientMessage): void {
    if (state.value.phase === "live") say(message);
    else apply({ kind: "wanted" });
  }

  const hurry = () => apply({ kind: "hurry" });
  whenBack(() => {
    hurry();
    heart?.doubt();
  }, listeners.signal);

  return {
    state,
    ignored,
    start: () => apply({ kind: "start" }),
    hurry,
    wanted: () => apply({ kind: "wanted" }),
    stalled: () => apply({ kind: "stalled" }),
    sendView: (view) => ask({ type: "view", view }),
    sendPanes: (panes) => ask({ type: "panes", panes }),
    sendLog: (on) => ask({ type: "log", on }),
    sendShare: (key) => ask({ type: "share", on: key !== null, key: key ?? NO_KEY }),
    sendStage(stage) {
      if (state.value.phase === "live") say({ type: "stage", stage });
    },
    sendFrame(bytes) {
      if (state.value.phase !== "live" || socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(bytes);
      return true;
    },
    dispose() {
      listeners.abort();
      clearTimeout(timer);
      heart?.stop();
      drop();
    },
  };
}
