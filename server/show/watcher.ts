/** One who watches or steers: a socket that takes bundles, and may be too slow for some of them. */
import * as v from "valibot";
import { type ErrorCode, ERRORS } from "../../shared/errors.ts";
import {
  MAX_BACKLOG_BYTES,
  MAX_BAD_MESSAGES,
  MAX_BUFFERED_BYTES,
  MAX_CONTROL_CHARS,
  MAX_REMOTE_COMMANDS,
  MAX_SLOW_MS,
} from "../../shared/limits.ts";
import { type RemoteCommand, RemoteCommandSchema } from "../../shared/remote.ts";
import type { Socket } from "../session/mod.ts";

/** What a watcher may do. */
export type WatcherKind = "watch" | "remote";

/** What a watcher needs from its show. */
export interface WatcherParts {
  readonly kind: WatcherKind;
  readonly socket: Socket;
  readonly now: () => number;
  readonly onCommand: (command: RemoteCommand) => void;
  readonly onEnd: (watcher: Watcher) => void;
}

const SECOND_MS = 1_000;

/** A connected watcher. */
export class Watcher {
  readonly kind: WatcherKind;
  readonly #parts: WatcherParts;
  #behind = true;
  #slowSinceMs: number | null = null;
  #bad = 0;
  #commandsMs: number[] = [];
  #ended = false;

  constructor(parts: WatcherParts) {
    this.#parts = parts;
    this.kind = parts.kind;
  }

  /** Whether a bundle was left out, so that only a whole one makes sense next. */
  get behind(): boolean {
    return this.#behind;
  }

  /** Sends a bundle, or leaves it out where the socket is full (W4). */
  send(bundle: Uint8Array<ArrayBuffer>): void {
    const { socket, now } = this.#parts;
    const { bufferedBytes } = socket;
    if (bufferedBytes > MAX_BUFFERED_BYTES) {
      this.#behind = true;
      this.#slowSinceMs ??= now();
      const late = now() - this.#slowSinceMs >= MAX_SLOW_MS;
      if (late || bufferedBytes > MAX_BACKLOG_BYTES) this.close("slow-viewer");
      return;
    }
    this.#slowSinceMs = null;
    this.#behind = false;
    socket.send(bundle);
  }

  /** Takes a message: a command of a remote, nothing of a watcher (W7). */
  receive(data: string | Uint8Array<ArrayBuffer>): void {
    if (this.#ended) return;
    const command = typeof data === "string" && this.kind === "remote" ? read(data) : null;
    if (command === null || !this.#hasTurn()) {
      this.#bad++;
      if (this.#bad >= MAX_BAD_MESSAGES) this.close("message-flood");
      return;
    }
    this.#bad = 0;
    this.#parts.onCommand(command);
  }

  /** Says goodbye. */
  close(code: ErrorCode): void {
    if (this.#ended) return;
    this.#parts.socket.close(ERRORS[code].close ?? ERRORS["server-fault"].close, code);
    this.closed();
  }

  /** The socket has closed. */
  closed(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#parts.onEnd(this);
  }

  #hasTurn(): boolean {
    const nowMs = this.#parts.now();
    this.#commandsMs = this.#commandsMs.filter((atMs) => nowMs - atMs < SECOND_MS);
    if (this.#commandsMs.length >= MAX_REMOTE_COMMANDS) return false;
    this.#commandsMs.push(nowMs);
    return true;
  }
}

function read(text: string): RemoteCommand | null {
  if (text.length > MAX_CONTROL_CHARS) return null;
  try {
    const parsed = v.safeParse(RemoteCommandSchema, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
