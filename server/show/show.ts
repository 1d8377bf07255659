/** One show: what its presenter is sent goes to everybody who watches, each message encoded once (W4). */
import type { ErrorCode } from "../../shared/errors.ts";
import {
  BUNDLE_PAUSE_MS,
  MAX_BUNDLES_PER_S,
  MAX_REMOTES,
  MAX_SHOW_BYTES_PER_S,
  SHOW_PATIENCE_MS,
} from "../../shared/limits.ts";
import type { Clock } from "../clock/mod.ts";
import type { ShowNews, Socket, ViewerObserver } from "../session/mod.ts";
import type { ShowCodes } from "./codes.ts";
import { Scene } from "./scene.ts";
import { Watcher, type WatcherKind } from "./watcher.ts";

/** How long a result waits for its map, in ms: both in one bundle are seen together. */
const MAP_WAIT_MS = 120;

/** Shortest time between two reports of how many watch, in ms. */
const COUNT_PAUSE_MS = 500;

/** Watchers that are served before other things get their turn. */
const AT_ONCE = 32;

const SECOND_MS = 1_000;

/** What a show is made of. */
export interface ShowParts {
  readonly clock: Clock;
  readonly codes: ShowCodes;
  /** The message that describes the first model, its methods and all models, as it is now. */
  readonly welcome: () => string;
  readonly addresses: () => readonly string[];
  /** Called once, when the show is over. */
  readonly onEnd: () => void;
}

/** A show. */
export class Show {
  readonly #parts: ShowParts;
  readonly #scene = new Scene();
  readonly #watchers = new Set<Watcher>();
  #news: ShowNews | null = null;
  #over = false;
  #sentMs = -Infinity;
  #bytes = 0;
  #dueMs = Infinity;
  #cancelFlush: (() => void) | null = null;
  #cancelEnd: (() => void) | null = null;
  #cancelCount: (() => void) | null = null;

  constructor(parts: ShowParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#watchers.size;
  }

  /** Everybody who watches or steers. */
  get audience(): readonly Watcher[] {
    return [...this.#watchers];
  }

  /** Whether a code lets people in for this. */
  isFor(kind: WatcherKind, code: string): boolean {
    return this.#parts.codes[kind] === code;
  }

  /** A presenter takes the stage; one that was there is informed. */
  present(news: ShowNews): ViewerObserver {
    this.#news?.shared(null);
    this.#news = news;
    this.#cancelEnd?.();
    this.#cancelEnd = null;
    this.#scene.away(false);
    this.#plan(0);
    this.#tellCount();
    const mine = () => this.#news === news && !this.#over;
    return {
      frame: (id, format, picture) => mine() && this.#scene.frame(id, format, picture),
      said: (message, { text }) => {
        if (mine() && this.#scene.said(message, text)) this.#plan(MAP_WAIT_MS);
      },
      tile: ({ frame, complete }, bytes) => {
        if (mine() && this.#scene.tile(frame, bytes)) this.#plan(complete ? 0 : MAP_WAIT_MS);
      },
      stage: (stage) => {
        if (!mine()) return;
        this.#scene.stage(stage);
        this.#plan(0);
      },
      end: () => mine() && this.close("show-ended"),
      left: () => mine() && this.#left(),
    };
  }

  /** Lets somebody watch, or steer; a remote too many is refused (W3). */
  join(kind: WatcherKind, socket: Socket, from: string | null): Watcher {
    const watcher: Watcher = new Watcher({
      kind,
      from,
      socket,
      clock: this.#parts.clock,
      onCommand: (command) => this.#news?.remote(command),
      onEnd: () => {
        this.#watchers.delete(watcher);
        this.#planCount();
      },
    });
    const remotes = [...this.#watchers].filter((one) => one.kind === "remote").length;
    // What was new while nobody watched is in the whole scene.
    if (this.#watchers.size === 0) this.#scene.changes();
    this.#watchers.add(watcher);
    if (kind === "remote" && remotes >= MAX_REMOTES) watcher.close("busy");
    else {
      watcher.send(this.#scene.whole(this.#parts.welcome()));
      this.#planCount();
    }
    return watcher;
  }

  /** Ends the show for everybody. */
  close(code: ErrorCode): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelFlush?.();
    this.#cancelEnd?.();
    for (const watcher of [...this.#watchers]) watcher.close(code);
    this.#cancelCount?.();
    this.#news = null;
    this.#parts.onEnd();
  }

  #left(): void {
    this.#news = null;
    this.#scene.away(true);
    this.#plan(0);
    this.#cancelEnd = this.#parts.clock.after(SHOW_PATIENCE_MS, () => this.close("show-ended"));
  }

  /** Sends what is new in `ms`, or later where that would be too often. */
  #plan(ms: number): void {
    if (this.#watchers.size === 0 || this.#over) return;
    const nowMs = this.#parts.clock.now();
    const dueMs = Math.max(nowMs + ms, this.#sentMs + this.#pauseMs());
    if (dueMs >= this.#dueMs) return;
    this.#cancelFlush?.();
    this.#cancelFlush = null;
    if (dueMs <= nowMs) return this.#flush();
    this.#dueMs = dueMs;
    this.#cancelFlush = this.#parts.clock.after(dueMs - nowMs, () => this.#flush());
  }

  /** The more watch and the larger the bundles are, the fewer there are in a second. */
  #pauseMs(): number {
    const perWatcher = Math.max(
      SECOND_MS / MAX_BUNDLES_PER_S,
      SECOND_MS * this.#bytes / MAX_SHOW_BYTES_PER_S,
    );
    return Math.max(BUNDLE_PAUSE_MS, this.#watchers.size * perWatcher);
  }

  #flush(): void {
    this.#dueMs = Infinity;
    const bundle = this.#scene.changes();
    if (bundle === null) return;
    this.#sentMs = this.#parts.clock.now();
    this.#bytes = bundle.length;
    this.#serve([...this.#watchers], bundle);
  }

  /** Serves some, then lets the event loop continue before the next. */
  #serve(watchers: readonly Watcher[], bundle: Uint8Array<ArrayBuffer>): void {
    let whole: Uint8Array<ArrayBuffer> | null = null;
    for (const watcher of watchers.slice(0, AT_ONCE)) {
      if (watcher.behind) watcher.send(whole ??= this.#scene.whole(this.#parts.welcome()));
      else watcher.send(bundle);
    }
    const rest = watchers.slice(AT_ONCE);
    if (rest.length > 0) this.#parts.clock.after(0, () => this.#serve(rest, bundle));
  }

  #planCount(): void {
    if (this.#over) return;
    this.#cancelCount ??= this.#parts.clock.after(COUNT_PAUSE_MS, () => {
      this.#cancelCount = null;
      this.#tellCount();
    });
  }

  #tellCount(): void {
    const { codes, addresses } = this.#parts;
    const watchers = [...this.#watchers].filter(({ kind }) => kind === "watch").length;
    this.#news?.shared({ ...codes, watchers, addresses: [...addresses()] });
  }
}
