/** Every show of the server, found by the codes of its links. */
import { ERRORS } from "../../shared/errors.ts";
import { MAX_WATCHERS, MAX_WATCHERS_PER_ADDRESS } from "../../shared/limits.ts";
import type { Clock } from "../clock/mod.ts";
import type { ShowNews, Socket, ViewerObserver } from "../session/mod.ts";
import { codesOf } from "./codes.ts";
import { Show } from "./show.ts";
import type { Watcher, WatcherKind } from "./watcher.ts";

/** What shows are made with. */
export interface ShowsParts {
  readonly clock: Clock;
  /** The message that describes the first model and all models, as it is now. */
  readonly welcome: () => string;
  /** Addresses of the server that other machines can reach. */
  readonly addresses: () => readonly string[];
  /** Watchers of all shows; default `MAX_WATCHERS`. */
  readonly maxWatchers?: number;
  /** Watchers of one address; default `MAX_WATCHERS_PER_ADDRESS`. */
  readonly maxWatchersPerAddress?: number;
}

/** The shows. */
export class Shows {
  readonly #parts: ShowsParts;
  readonly #byCode = new Map<string, Show>();

  constructor(parts: ShowsParts) {
    this.#parts = parts;
  }

  /** People who watch or steer. */
  get watchers(): number {
    return [...new Set(this.#byCode.values())].reduce((sum, { size }) => sum + size, 0);
  }

  /** Opens the show of a key, or continues with it (W1, W8). */
  present(key: string, news: ShowNews): ViewerObserver {
    const codes = codesOf(key);
    const known = this.#byCode.get(codes.watch);
    if (known !== undefined) return known.present(news);
    const { clock, welcome, addresses } = this.#parts;
    const show = new Show({
      clock,
      codes,
      welcome,
      addresses,
      onEnd: () => {
        this.#byCode.delete(codes.watch);
        this.#byCode.delete(codes.remote);
      },
    });
    this.#byCode.set(codes.watch, show);
    this.#byCode.set(codes.remote, show);
    return show.present(news);
  }

  /**
   * Lets a socket in by the code of its link, or closes it and gives null (W2, W3). `from` is what connections of one
   * client have in common, null where nothing tells clients apart.
   */
  join(kind: WatcherKind, code: string, socket: Socket, from: string | null = null): Watcher | null {
    const show = this.#byCode.get(code);
    // A watch code opens no remote, and the other way round.
    if (show === undefined || !show.isFor(kind, code)) {
      socket.close(ERRORS["unknown-show"].close, "unknown-show");
      return null;
    }
    if (!this.#makeRoom(from)) {
      socket.close(ERRORS.busy.close, "busy");
      return null;
    }
    return show.join(kind, socket, from);
  }

  /** Whether one more may watch; of too many the one gives way that has not read for the longest time. */
  #makeRoom(from: string | null): boolean {
    const all = [...new Set(this.#byCode.values())].flatMap(({ audience }) => audience);
    const { maxWatchers = MAX_WATCHERS, maxWatchersPerAddress = MAX_WATCHERS_PER_ADDRESS } = this.#parts;
    const neighbours = from === null ? [] : all.filter((one) => one.from === from);
    const crowd = neighbours.length >= maxWatchersPerAddress
      ? neighbours
      : all.length >= maxWatchers
      ? all
      : [];
    if (crowd.length === 0) return true;
    const slowest = crowd.reduce((a, b) => b.slowSinceMs < a.slowSinceMs ? b : a);
    if (slowest.slowSinceMs === Infinity) return false;
    slowest.close("slow-viewer");
    return true;
  }

  /** The server stops. */
  shutdown(): void {
    for (const show of new Set(this.#byCode.values())) show.close("server-closing");
  }
}
