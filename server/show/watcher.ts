/** One who watches or steers: a socket that takes bundles, and may be too slow for some of them. */
import * as v from "valibot";
import { type ErrorCode, ERRORS } from "../../shared/errors.ts";
import { Heart } from "../../shared/heart.ts";
import {
  MAX_BACKLOG_BYTES,
  MAX_BAD_MESSAGES,
  MAX_BUFFERED_BYTES,
  MAX_CONTROL_CHARS,
  MAX_MESSAGES_AT_ONCE,
  MAX_MESSAGES_PER_S,
  MAX_REMOTE_COMMANDS,
  MAX_SLOW_MS,
} from "../../shared/limits.ts";
import { type HeartbeatMessage, HeartbeatSchema } from "../../shared/protocol.ts";
import { type RemoteCommand, RemoteCommandSchema } from "../../shared/remote.ts";
import type { Clock } from "../clock/mod.ts";
import { type Bucket, draw, fullBucket, type RateLimit, type Socket } from "../session/mod.ts";

/** What a watcher may do. */
export type WatcherKind = "watch" | "remote";

/** What a watcher needs from its show. */
export interface WatcherParts {
  readonly kind: WatcherKind;
  readonly socket: Socket;
  /** What connections of one client have in common; null where nothing tells clients apart. */
  readonly from: string | null;
  readonly clock: Clock;
  readonly onCommand: (command: RemoteCommand) => void;
  readonly onEnd: (watcher: Watcher) => void;
}

const SECOND_MS = 1_000;

/** Pings and pongs of one who watches; a ping beyond is like any message that does not fit (W7). */
const BEATS: RateLimit = {
  perSecond: MAX_MESSAGES_PER_S,
  atOnce: MAX_MESSAGES_AT_ONCE,
  excess: MAX_BAD_MESSAGES,
};

/** A connected watcher. */
export class Watcher {
  readonly kind: WatcherKind;
  readonly from: string | null;
  readonly #parts: WatcherParts;
  #behind = true;
  #slowSinceMs: number | null = null;
  #bad = 0;
  #commandsMs: number[] = [];
  #beats: Bucket;
  #ended = false;
  readonly #heart: Heart;

  constructor(parts: WatcherParts) {
    this.#parts = parts;
    this.kind = parts.kind;
    this.from = parts.from;
    const { clock, socket } = parts;
    this.#beats = fullBucket(BEATS, clock.now());
    this.#heart = new Heart({
      clock,
      isFull: () => socket.bufferedBytes > MAX_BUFFERED_BYTES,
      ping: () => this.#say("ping"),
      giveUp: () => this.close("connection-silent"),
    });
  }

  /** Whether a bundle was left out, so that only a whole one makes sense next. */
  get behind(): boolean {
    return this.#behind;
  }

  /** Since when the socket has been full, in ms of the server's clock; Infinity where it is read. */
  get slowSinceMs(): number {
    return this.#slowSinceMs ?? Infinity;
  }

  /** Sends a bundle, or leaves it out where the socket is full (W4). */
  send(bundle: Uint8Array<ArrayBuffer>): void {
    const { socket, clock } = this.#parts;
    const { bufferedBytes } = socket;
    if (bufferedBytes > MAX_BUFFERED_BYTES) {
      this.#behind = true;
      this.#slowSinceMs ??= clock.now();
      const late = clock.now() - this.#slowSinceMs >= MAX_SLOW_MS;
      if (late || bufferedBytes > MAX_BACKLOG_BYTES) this.close("slow-viewer");
      return;
    }
    this.#slowSinceMs = null;
    this.#behind = false;
    socket.send(bundle);
  }

  /** Takes a message: a command of a remote (W7), or a part of the heartbeat (K3). */
  receive(data: string | Uint8Array<ArrayBuffer>): void {
    if (this.#ended) return;
    this.#heart.heard();
    const json = typeof data === "string" ? parse(data) : null;
    const beat = v.safeParse(HeartbeatSchema, json);
    if (beat.success && this.#mayBeat()) {
      if (beat.output.type === "ping") this.#say("pong");
      return;
    }
    const command = this.kind === "remote" ? readCommand(json) : null;
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
    this.#heart.stop();
    this.#parts.onEnd(this);
  }

  #say(type: HeartbeatMessage["type"]): void {
    this.#parts.socket.send(JSON.stringify({ type }));
  }

  /** Whether the heartbeat is no flood (M6). */
  #mayBeat(): boolean {
    const { bucket, drawn } = draw(this.#beats, BEATS, this.#parts.clock.now());
    this.#beats = bucket;
    return drawn === "taken";
  }

  #hasTurn(): boolean {
    const nowMs = this.#parts.clock.now();
    this.#commandsMs = this.#commandsMs.filter((atMs) => nowMs - atMs < SECOND_MS);
    if (this.#commandsMs.length >= MAX_REMOTE_COMMANDS) return false;
    this.#commandsMs.push(nowMs);
    return true;
  }
}

/** The JSON of a message; null where it is none or too long. */
function parse(text: string): unknown {
  if (text.length > MAX_CONTROL_CHARS) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function readCommand(json: unknown): RemoteCommand | null {
  const parsed = v.safeParse(RemoteCommandSchema, json);
  return parsed.success ? parsed.output : null;
}
