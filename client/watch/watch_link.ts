/** The connection of somebody who watches, or steers: bundles in, commands out; it reconnects by itself. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { BundlePart } from "../../shared/bundle.ts";
import type { RemoteCommand } from "../../shared/remote.ts";
import { whenBack } from "../live/when_back.ts";
import { whyRefused } from "../live/why_refused.ts";
import { WatchSocket } from "./watch_socket.ts";
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
  /** Reports that the presenter is away, or back. */
  away(on: boolean): void;
  send(command: RemoteCommand): void;
}

/** Makes a link; nothing happens until `start()`. */
export function createWatchLink({ url, onParts }: WatchLinkOptions): WatchLink {
  const state = signal<WatchState>(FIRST_WATCH);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const socket = new WatchSocket(url, {
    onParts(parts) {
      apply({ kind: "welcomed" });
      onParts(parts);
    },
    onEnd(code, heard) {
      apply({ kind: "closed", code, nowMs: performance.now(), random: Math.random() });
      if (!heard && state.value.phase === "waiting") void askWhy();
    },
  });

  function apply(event: WatchEvent): void {
    const before = state.value;
    state.value = watch(before, event);
    if (before === state.value) return;
    if (before.phase !== state.value.phase) socket.beat(state.value.phase === "live");
    clearTimeout(timer);
    if (state.value.phase === "opening") socket.open();
    if (state.value.phase === "waiting") {
      timer = setTimeout(() => apply({ kind: "due" }), state.value.retryAtMs - performance.now());
    }
    if (state.value.phase === "ended") socket.drop();
  }

  async function askWhy(): Promise<void> {
    const words = await whyRefused();
    if (words !== null) apply({ kind: "refused", words });
  }

  return {
    state,
    start() {
      // Never aborted: the page lives as long as its tab.
      whenBack(() => {
        apply({ kind: "due" });
        socket.doubt();
      }, new AbortController().signal);
      socket.open();
    },
    away: (on) => apply({ kind: "away", on }),
    send: (command) => socket.send(command),
  };
}
