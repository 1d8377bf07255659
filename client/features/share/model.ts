/** This page's show: its secret key, whether it runs, and what those who watch are told of the stage. */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Stage } from "../../../shared/remote.ts";
import type { Session, Shared } from "../../live/session.ts";

/** A reload of the tab goes on with the show; another tab has another key. */
const KEPT_NAME = "gradcast.show";

const KEY_BYTES = 16;

/** A part of `sessionStorage`. */
export type Kept = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** What a show needs from the page. */
export interface ShowOptions {
  readonly session: Session;
  readonly stage: () => Stage;
  readonly kept: Kept;
}

/** A page's show. */
export interface Show {
  /** Whether this page wants to be watched. */
  readonly on: ReadonlySignal<boolean>;
  /** What the server says of it; null until it has answered. */
  readonly shared: ReadonlySignal<Shared | null>;
  start(): void;
  stop(): void;
  /** Ends the show for everybody and begins one under other links. */
  renew(): void;
}

/** Makes a show; one that a reload interrupted goes on. */
export function createShow({ session, stage, kept }: ShowOptions): Show {
  const key = signal<string | null>(readKey(kept));
  const shared = computed(() => {
    const told = session.shared.value;
    return key.value === null || told === null || told.watch === null ? null : told;
  });

  function share(next: string | null): void {
    key.value = next;
    try {
      if (next === null) kept.removeItem(KEPT_NAME);
      else kept.setItem(KEPT_NAME, next);
    } catch {
      // Without storage a reload ends the show.
    }
    session.share(next);
  }

  if (key.value !== null) session.share(key.value);
  const heard = computed(() => shared.value !== null && session.link.state.value.phase === "live");
  effect(() => {
    // Told anew at every change, and after every reconnect.
    const current = stage();
    if (heard.value) session.link.sendStage(current);
  });

  return {
    on: computed(() => key.value !== null),
    shared,
    start: () => share(newKey()),
    stop: () => share(null),
    renew: () => share(newKey()),
  };
}

function newKey(): string {
  return crypto.getRandomValues(new Uint8Array(KEY_BYTES)).reduce(
    (text, byte) => text + byte.toString(16).padStart(2, "0"),
    "",
  );
}

function readKey(kept: Kept): string | null {
  try {
    const key = kept.getItem(KEPT_NAME);
    return key !== null && /^[0-9a-f]{32}$/.test(key) ? key : null;
  } catch {
    return null;
  }
}
