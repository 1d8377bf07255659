/** Everything that lives as long as the server: the models and their engines, the scheduler, the viewers and the guests. */
import { ERRORS, GradcastError } from "../../shared/errors.ts";
import {
  MAX_API_REQUESTS,
  MAX_BODIES_BYTES,
  MAX_FEATURE_RUNS,
  MAX_FRAME_BYTES,
  MAX_FRAME_SIDE_PX,
  MAX_FRAMES_IN_FLIGHT,
  MAX_VIEWERS,
  MAX_WATCHERS,
  PROTOCOL_VERSION,
} from "../../shared/limits.ts";
import type { LogRight, MethodInfo, View, Welcome } from "../../shared/protocol.ts";
import type { Clock } from "../clock/mod.ts";
import { PictureReader } from "../engine/mod.ts";
import type { EngineStats } from "../engine/port.ts";
import type { Health, HealthSource } from "../health/mod.ts";
import { DecisionLogWriter, LogBudget } from "../log/mod.ts";
import { type Logger, NO_LOGGER } from "../logger/mod.ts";
import { DEFAULT_METHOD } from "../methods/mod.ts";
import type { ModelPool } from "../pool/mod.ts";
import { Scheduler, type SchedulerStats } from "../scheduler/mod.ts";
import { addressGroup } from "../listen/address_group.ts";
import {
  type LogNews,
  seatFor,
  type Socket,
  Viewer,
  type ViewerObserver,
  type Whose,
} from "../session/mod.ts";
import { Shows, type Watcher, type WatcherKind } from "../show/mod.ts";
import type { LogStore } from "../store/mod.ts";
import { Allowance } from "./allowance.ts";
import { Bodies } from "./_bodies.ts";
import { Guest } from "./guest.ts";
import { type RequestedModel, ServedModels } from "./models.ts";
import { Tally } from "./tally.ts";
import { groupOf } from "./whose.ts";

/** What a new viewer sees until it asks for something else: the default method where it works with the model. */
function defaultView(methods: readonly MethodInfo[]): View {
  const [method = DEFAULT_METHOD.id] = methods.map(({ id }) => id).sort((a, b) =>
    Number(b === DEFAULT_METHOD.id) - Number(a === DEFAULT_METHOD.id)
  );
  return { revision: 0, method, target: { kind: "rank", rank: 1 }, options: {} };
}

/** What a hub is made of. */
export interface HubParts {
  /** The models; the first one is loaded. They stay open when the hub ends. */
  readonly models: ModelPool;
  readonly clock: Clock;
  /** Viewers at the same time; default `MAX_VIEWERS`. */
  readonly maxViewers?: number;
  /** Addresses of the server that other machines can reach; default: none. */
  readonly addresses?: () => readonly string[];
  /** Receives unexpected errors; by default nobody does. */
  readonly logger?: Logger;
  /** Where viewers who want it write down what they see; absent: nothing is kept. */
  readonly log?: LogKeeping;
}

/** Who may turn the log on: pages on the server's own machine, or all. */
export type LogWho = "own" | "all";

/** The log's store, and who may write into it. */
export interface LogKeeping {
  readonly store: LogStore;
  /** Default: `own`. */
  readonly who?: LogWho;
}

/** What tests ask of the server's insides. */
export interface HubStats {
  readonly viewers: number;
  /** People who watch shows or steer them. */
  readonly watchers: number;
  /** Pictures that are being explained over HTTP. */
  readonly guests: number;
  /** Figures of all engines together. */
  readonly engine: EngineStats;
  readonly scheduler: SchedulerStats;
}

/** Connects viewers with the engine. */
export class Hub {
  readonly models: ServedModels;
  readonly bodies = new Bodies(MAX_BODIES_BYTES);
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;
  readonly #maxViewers: number;
  readonly #log: LogKeeping | null;
  readonly #logger: Logger;
  /** Writers whose last words are not on the disk yet. */
  readonly #logWriters = new Set<DecisionLogWriter>();
  /** Who has a seat, and since when. */
  readonly #viewers = new Map<Viewer, Whose & { readonly takenMs: number }>();
  readonly #pictures = new PictureReader();
  readonly #end = new AbortController();
  readonly #logBudget: LogBudget;
  readonly #threads: number;
  readonly #addresses: () => readonly string[];
  readonly #shows: Shows;
  /** What became of frames and pictures. */
  readonly tally: Tally;
  /** Feature visualisations that run (I6). */
  readonly features = new Allowance({ all: MAX_FEATURE_RUNS, others: MAX_FEATURE_RUNS - 1, address: 1 });
  /** Places of requests (A5). */
  readonly #places = new Allowance({
    all: MAX_API_REQUESTS,
    others: MAX_API_REQUESTS - 1,
    address: MAX_API_REQUESTS / 2,
  });
  #numbers = 0;

  constructor(
    {
      models,
      clock,
      maxViewers = MAX_VIEWERS,
      log,
      logger = NO_LOGGER,
      addresses = () => [],
    }: HubParts,
  ) {
    this.#clock = clock;
    this.tally = new Tally(() => clock.now());
    this.#scheduler = new Scheduler({ clock });
    this.models = new ServedModels({ pool: models, scheduler: this.#scheduler });
    this.models.onChange(() => this.#tellModels());
    this.models.onExchange((served) => {
      for (const viewer of this.#viewers.keys()) viewer.modelExchanged(served);
    });
    this.#maxViewers = maxViewers;
    this.#addresses = addresses;
    this.#log = log ?? null;
    this.#logger = logger;
    this.#logBudget = new LogBudget(() => clock.now());
    this.#threads = models.engineOf(this.models.first.model.id)?.threads ?? 1;
    this.#shows = new Shows({ clock, welcome: () => JSON.stringify(this.#welcomeFor("none")), addresses });
  }

  /** Takes a socket that has just opened, perhaps in place of an idle one (H11); one too many is closed (H5). */
  connect(socket: Socket): Viewer {
    const whose: Whose = { from: groupOf(socket.address), own: socket.own };
    const takenMs = this.#clock.now();
    const seats = [...this.#viewers].map(([viewer, seat]) => ({
      ...seat,
      viewer,
      presence: viewer.presence,
    }));
    const seating = seatFor(whose, seats, this.#maxViewers, takenMs);
    if (seating.kind === "instead-of") seating.viewer.displace();
    const log = this.#logRightOf(socket);
    const { models } = this;
    const viewer: Viewer = new Viewer({
      socket,
      clock: this.#clock,
      scheduler: this.#scheduler,
      logger: this.#logger,
      sent: (message) => this.tally.sent(message),
      present: (key, news) => this.#shows.present(key, news),
      onEnd: () => this.#viewers.delete(viewer),
      ...(this.#log === null ? {} : { decisionLog: this.#decisionLog(this.#log, socket) }),
      serveModel: (id, options) => this.models.serve(id, options),
      world: {
        viewer: ++this.#numbers,
        get first() {
          return models.first;
        },
        welcome: () => this.#welcomeFor(log),
        maxViewers: this.#maxViewers,
        log,
        defaultView: defaultView(this.models.first.message.methods),
        expect: (id) => this.models.expect(id),
        resolve: (view, model) => this.models.resolve(view, model),
      },
    });
    if (seating.kind !== "full") this.#viewers.set(viewer, { ...whose, takenMs });
    viewer.open(seating.kind === "full" ? seating.why : null);
    if (this.#end.signal.aborted) viewer.shutdown();
    return viewer;
  }

  /** Lets a socket watch or steer a show; null where it was closed (W2). */
  join(kind: WatcherKind, code: string, socket: Socket): Watcher | null {
    return this.#shows.join(kind, code, socket, groupOf(socket.address));
  }

  /** The log, or null where nothing is kept. */
  get log(): LogStore | null {
    return this.#log?.store ?? null;
  }

  /** What viewers wanted to be written down is on the disk. */
  async logSettled(): Promise<void> {
    await Promise.all([...this.#logWriters].map((writer) => writer.settled));
  }

  /** Milliseconds of the server's clock. */
  now(): number {
    return this.#clock.now();
  }

  /**
   * Refuses who would find no place now.
   *
   * @throws GradcastError `busy` (A5)
   */
  expectPlace(whose: Whose): void {
    const limit = this.#places.exceeded(whose, 1);
    if (limit === null) return;
    throw new GradcastError(
      "busy",
      `Cannot explain the picture: ${limit} are explained at a time, and that many are under way. Try again later`,
    );
  }

  /**
   * Makes a place for a request that has a model, which ends with it. It ends with the guest, with `signal` or with the
   * server, whatever comes first; `onEnd` is called then, once.
   *
   * @throws GradcastError `busy` (A5), or the signal's reason
   */
  guest(model: RequestedModel, whose: Whose, signal: AbortSignal, onEnd: () => void = () => {}): Guest {
    signal.throwIfAborted();
    this.expectPlace(whose);
    const place = this.#places.open(whose);
    place.add(1);
    const guest: Guest = new Guest({
      model: () => model.engine.model,
      scheduler: this.#scheduler,
      logger: this.#logger,
      pictures: this.#pictures,
      number: ++this.#numbers,
      signal: AbortSignal.any([signal, this.#end.signal]),
      onEnd: () => {
        place[Symbol.dispose]();
        model[Symbol.dispose]();
        onEnd();
      },
    });
    guest.signal.addEventListener("abort", () => guest[Symbol.dispose](), { once: true });
    return guest;
  }

  /** How long no engine has been running, in ms; 0 while one is. */
  get downMs(): number {
    return this.models.downMs;
  }

  /** The parts that `/healthz` asks; none of them waits. */
  get health(): readonly HealthSource[] {
    return [
      ...this.models.health,
      this.tally,
      { name: "seats", health: () => this.#seats() },
      { name: "scheduler", health: () => this.#work() },
    ];
  }

  #welcomeFor(log: LogRight): Welcome {
    const { type: _type, ...first } = this.models.first.message;
    return {
      ...first,
      ...{ type: "welcome", version: PROTOCOL_VERSION, log },
      models: [...this.models.list],
      limits: {
        frameBytes: MAX_FRAME_BYTES,
        frameSidePx: MAX_FRAME_SIDE_PX,
        framesInFlight: MAX_FRAMES_IN_FLIGHT,
      },
      threads: this.#threads,
      reachable: this.#addresses().length > 0,
    };
  }

  #tellModels(): void {
    const { list } = this.models;
    for (const viewer of this.#viewers.keys()) viewer.modelsChanged(list);
  }

  #work(): Health {
    // Who has used how much is nobody else's business.
    const { shares: _shares, ...figures } = this.#scheduler.stats();
    return { ok: true, figures };
  }

  #seats(): Health {
    const figures = {
      viewers: this.#viewers.size,
      viewersMost: this.#maxViewers,
      watchers: this.#shows.watchers,
      watchersMost: MAX_WATCHERS,
      guests: this.#places.held,
      guestsMost: MAX_API_REQUESTS,
      features: this.features.held,
      featuresMost: MAX_FEATURE_RUNS,
    };
    return figures.viewers < figures.viewersMost
      ? { ok: true, figures }
      : { ok: false, reason: "seats-taken", figures };
  }

  async stats(): Promise<HubStats> {
    return {
      viewers: this.#viewers.size,
      watchers: this.#shows.watchers,
      guests: this.#places.held,
      engine: await this.models.stats(),
      scheduler: this.#scheduler.stats(),
    };
  }

  #logRightOf({ own }: Socket): LogRight {
    if (this.#log === null) return "none";
    return own || this.#log.who === "all" ? "allowed" : "own-machine";
  }

  #decisionLog(
    { store }: LogKeeping,
    { own, address }: Socket,
  ): (news: LogNews) => ViewerObserver {
    return ({ logged, leftOut, failed }) => {
      const writer = new DecisionLogWriter({
        store,
        writer: { own, address: addressGroup(address) },
        budget: this.#logBudget,
        now: () => Date.now(),
        modelOf: (id) => this.models.loggedModel(id),
        onLogged: logged,
        onLeftOut: leftOut,
        onFailed: failed,
      });
      this.#logWriters.add(writer);
      return {
        frame: (id, format, picture) => writer.frame(id, format, picture),
        said(message, { method }) {
          if (message.type === "result") writer.result(message, method);
        },
        tile(tile) {
          if (tile.complete) writer.map(tile);
        },
        stage: () => {},
        left: () => {},
        end: () => {
          writer.end();
          void writer.settled.then(() => this.#logWriters.delete(writer));
        },
      };
    };
  }

  /** Says goodbye to every viewer (E1) and guest (A10); the engines stay open. */
  shutdown(): void {
    this.#end.abort(new GradcastError("server-closing", ERRORS["server-closing"].words));
    this.#pictures[Symbol.dispose]();
    this.#shows.shutdown();
    for (const viewer of [...this.#viewers.keys()]) viewer.shutdown();
    this.models.end();
  }
}
