/** The socket of somebody who watches, or steers: bundles in, commands out; comes back by itself. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { type BundlePart, decodeBundle } from "../../shared/bundle.ts";
import type { RemoteCommand } from "../../shared/remote.ts";
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

  function apply(event: WatchEvent): void {
    const before = state.value;
    state.value = watch(before, event);
    if (before === state.value) return;
    clearTimeout(timer);
    if (state.value.phase === "opening") open();
    if (state.value.phase === "waiting") {
      timer = setTimeout(() => apply({ kind: "due" }), state.value.retryAtMs - performance.now());
    }
  }

  function open(): void {
    const opened = new WebSocket(url);
    opened.binaryType = "arraybuffer";
    socket = opened;
    opened.addEventListener("message", (event: MessageEvent<unknown>) => {
      if (!(event.data instanceof ArrayBuffer)) return;
      const parts = read(event.data);
      if (parts === null) return;
      apply({ kind: "welcomed" });
      onParts(parts);
    });
    opened.addEventListener("close", ({ code }) => {
      apply({ kind: "closed", code, nowMs: performance.now(), random: Math.random() });
    });
  }

  return {
    state,
    start() {
      addEventListener("online", () => apply({ kind: "due" }));
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "visible") apply({ kind: "due" });
      });
      open();
    },
    away: (on) => apply({ kind: "away", on }),
    send(command) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(command));
    },
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
