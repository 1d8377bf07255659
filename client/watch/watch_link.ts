/** The socket of somebody who watches, or steers: bundles in, commands out; comes back by itself. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { type BundlePart, decodeBundle } from "../../shared/bundle.ts";
import { Heart } from "../../shared/heart.ts";
import type { HeartbeatMessage } from "../../shared/protocol.ts";
import type { RemoteCommand } from "../../shared/remote.ts";
import { readMessage } from "../live/incoming.ts";
import { pageClock } from "../live/page_clock.ts";
import { whenBack } from "../live/when_back.ts";
import { whyRefused } from "../live/why_refused.ts";
import { FIRST_WATCH, watch, type WatchEvent, type WatchState } from "./watch_state.ts";

/** What a link needs. */
export interface WatchLinkOptions {
  /** Address of the socket, `ws://host/ws/watch/CODE` or `…/ws/remote/CODE`. */
  readonly url: string;
  readonly onParts: (parts: readonly BundlePart[]) => void;
}

/** The link. */
export interface WatchLink {
  readonly state: ReadonlySignal<WatchState>;
  start(): void;
  /** Tells that the presenter is away, or back. */
  away(on: boolean): void;
  send(command: RemoteCommand): void;
}

/** Makes a link; nothing happens until `start()`. */
export function createWatchLink({ url, onParts }: WatchLinkOptions): WatchLink {
  const state = signal<WatchState>(FIRST_WATCH);
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Beats while the connection is live. */
  let heart: Heart | null = null;
  /** Never aborted: the page lives as long as its tab. */
  const listeners = new AbortController();

  function apply(event: WatchEvent): void {
    const before = state.value;
    state.value = watch(before, event);
    if (before === state.value) return;
    if (before.phase !== state.value.phase) beat(state.value.phase === "live");
    clearTimeout(timer);
    if (state.value.phase === "opening") open();
    if (state.value.phase === "waiting") {
      timer = setTimeout(() => apply({ kind: "due" }), state.value.retryAtMs - performance.now());
    }
    if (state.value.phase === "ended") drop();
  }

  function beat(live: boolean): void {
    heart?.stop();
    heart = live ? new Heart({ clock: pageClock, ping: () => say({ type: "ping" }), giveUp }) : null;
  }

  function open(): void {
    const opened = new WebSocket(url);
    opened.binaryType = "arraybuffer";
    socket = opened;
    let greeted = false;
    opened.addEventListener("message", (event: MessageEvent<unknown>) => {
      if (socket !== opened) return;
      greeted = true;
      heart?.heard();
      if (typeof event.data === "string" && readMessage(event.data)?.type === "ping") say({ type: "pong" });
      if (!(event.data instanceof ArrayBuffer)) return;
      const parts = read(event.data);
      if (parts === null) return;
      apply({ kind: "welcomed" });
      onParts(parts);
    });
    opened.addEventListener("close", ({ code }) => {
      if (socket !== opened) return;
      ended(code);
      if (!greeted && state.value.phase === "waiting") void askWhy();
    });
  }

  function ended(code: number): void {
    socket = null;
    apply({ kind: "closed", code, nowMs: performance.now(), random: Math.random() });
  }

  /** A socket that hangs may take a minute to report its close, so the page does not wait for it. */
  function giveUp(): void {
    drop();
    ended(1006);
  }

  function drop(): void {
    const left = socket;
    socket = null;
    left?.close();
  }

  async function askWhy(): Promise<void> {
    const words = await whyRefused();
    if (words !== null) apply({ kind: "refused", words });
  }

  function say(message: RemoteCommand | HeartbeatMessage): void {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  }

  return {
    state,
    start() {
      whenBack(() => {
        apply({ kind: "due" });
        heart?.doubt();
      }, listeners.signal);
      open();
    },
    away: (on) => apply({ kind: "away", on }),
    send: say,
  };
}

function read(data: ArrayBuffer): BundlePart[] | null {
  try {
    return decodeBundle(new Uint8Array(data));
  } catch {
    // What does not fit the protocol is left: the next bundle may.
    return null;
  }
}
