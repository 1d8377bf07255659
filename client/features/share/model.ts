/** How this page is shared: its secret key, whether others can watch, and what they see of the stage. */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { ServerMessage } from "../../../shared/protocol.ts";
import type { StageState } from "../../../shared/remote.ts";
import type { StreamObserver } from "../../live/stream_observers.ts";
import { reachableOrigin } from "./links.ts";

/** A reload of the tab continues the show; another tab has another key. */
const STORED_NAME = "gradcast.show";

const KEY_BYTES = 16;

/** Under which codes this page can be watched and steered, as the server says. */
export type Shared = Omit<Extract<ServerMessage, { type: "shared" }>, "type">;

/** A part of `sessionStorage`. */
export type TabStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** What sharing needs. */
export interface SharePorts {
  readonly observe: (observer: StreamObserver) => () => void;
  /** Whether the connection is live; a signal is read. */
  readonly isLive: () => boolean;
  /** Where the page itself was opened. */
  readonly origin: string;
  /** Whether the server has an address that other machines reach (W6); a signal is read. */
  readonly serverReachable: () => boolean;
  /** Lets others watch under a key, or nobody any more (null; W1). */
  readonly sendKey: (key: string | null) => void;
  /** Reports how the stage looks (W5). */
  readonly sendStage: (stage: StageState) => void;
  /** How the stage looks; signals are read. */
  readonly stage: () => StageState;
  /** Sends a picture that stands still once more: who watches has to see it, too. */
  readonly repeatStill: () => void;
  readonly storage: TabStorage;
}

/** A page that others may watch. */
export interface Share {
  /** Whether this page wants to be watched. */
  readonly on: ReadonlySignal<boolean>;
  /** What the server says of it; null until it has answered. */
  readonly shared: ReadonlySignal<Shared | null>;
  /** Whether other devices reach the server, so that a code leads anywhere. */
  readonly reachable: ReadonlySignal<boolean>;
  start(): void;
  stop(): void;
  /** Ends the show for everybody and begins one under other links. */
  renew(): void;
  dispose(): void;
}

/** Makes it; a show that a reload interrupted continues with the next connection. */
export function createShare(ports: SharePorts): Share {
  const { storage } = ports;
  const key = signal<string | null>(readKey(storage));
  const answer = signal<Shared | null>(null);
  const shared = computed(() => {
    const said = answer.value;
    return key.value === null || said === null || said.watch === null ? null : said;
  });

  function share(next: string | null): void {
    key.value = next;
    storeKey(storage, next);
    ports.sendKey(next);
    if (next !== null) ports.repeatStill();
  }

  const stopObserving = ports.observe({
    connected() {
      if (key.peek() !== null) ports.sendKey(key.peek());
    },
    message(message) {
      if (message.type === "shared") answer.value = message;
    },
  });
  const isHeard = computed(() => shared.value !== null && ports.isLive());
  const stopStage = effect(() => {
    // At every change, and again after every reconnect.
    const stage = ports.stage();
    if (isHeard.value) ports.sendStage(stage);
  });

  return {
    on: computed(() => key.value !== null),
    shared,
    reachable: computed(() => ports.serverReachable() || reachableOrigin(ports.origin, []) !== null),
    start: () => share(newKey()),
    stop: () => share(null),
    renew: () => share(newKey()),
    dispose() {
      stopObserving();
      stopStage();
    },
  };
}

function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(KEY_BYTES))].map((byte) =>
    byte.toString(16).padStart(2, "0")
  ).join("");
}

function readKey(storage: TabStorage): string | null {
  try {
    const key = storage.getItem(STORED_NAME);
    return key !== null && /^[0-9a-f]{32}$/.test(key) ? key : null;
  } catch {
    return null;
  }
}

function storeKey(storage: TabStorage, key: string | null): void {
  try {
    if (key === null) storage.removeItem(STORED_NAME);
    else storage.setItem(STORED_NAME, key);
  } catch {
    // Without storage a reload ends the show.
  }
}
