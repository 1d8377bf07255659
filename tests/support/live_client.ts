/** A well-behaved client over a real WebSocket, and the server in this process that it talks to. */
import * as v from "valibot";
import {
  decodeTile,
  encodeFrame,
  type ErrorMessage,
  type Frame,
  PROTOCOL_VERSION,
  type ServerMessage,
  ServerMessageSchema,
  type Tile,
  type View,
} from "../../shared/mod.ts";
import { createApp, Hub, type LogKeeping, watchLoopDelay } from "../../server/app/mod.ts";
import { systemClock } from "../../server/clock/mod.ts";
import type { Engine } from "../../server/engine/mod.ts";
import { listen } from "../../server/listen/mod.ts";
import { soleModel } from "../../server/pool/testing/memory_models.ts";

/** A view of the first class by Grad-CAM. */
export const GRAD_CAM_VIEW: View = {
  revision: 1,
  method: "grad-cam",
  target: { kind: "rank", rank: 1 },
  options: {},
};

/** A server in this process, on a free port of the loopback. */
export interface TestServer extends AsyncDisposable {
  readonly port: number;
  readonly hub: Hub;
  /** Connections that are open. */
  readonly connections: number;
}

/** Serves `engine`, which stays open. */
export function serve(engine: Engine, maxViewers?: number, log?: LogKeeping): TestServer {
  const hub = new Hub({
    models: soleModel(engine),
    clock: systemClock,
    ...(maxViewers === undefined ? {} : { maxViewers }),
    ...(log === undefined ? {} : { log }),
  });
  const loopDelay = watchLoopDelay();
  const app = createApp({ hub, origins: { host: "localhost", origins: [] }, loopDelay });
  const faults: unknown[] = [];
  const server = listen({
    host: "127.0.0.1",
    port: 0,
    answer: app.fetch,
    onFault: (fault) => faults.push(fault),
  });
  return {
    port: server.port,
    hub,
    get connections() {
      return server.connections;
    },
    async [Symbol.asyncDispose]() {
      hub.shutdown();
      loopDelay.stop();
      await server.close();
      if (faults.length > 0) throw new AggregateError(faults, "Cannot end the server quietly: it met faults");
    },
  };
}

/** A connection that keeps everything it receives until it is asked for. */
export class LiveClient implements AsyncDisposable {
  readonly #socket: WebSocket;
  readonly #inbox: (ServerMessage | Tile)[] = [];
  readonly #closed: Promise<CloseEvent>;
  #wake = () => {};
  #over = false;

  private constructor(port: number) {
    this.#socket = new WebSocket(`ws://localhost:${port}/ws`);
    this.#socket.binaryType = "arraybuffer";
    this.#socket.onmessage = ({ data }) => {
      if (data === '{"type":"ping"}') return this.say({ type: "pong" });
      this.#inbox.push(
        typeof data === "string"
          ? v.parse(ServerMessageSchema, JSON.parse(data))
          : decodeTile(new Uint8Array(data)),
      );
      this.#wake();
    };
    this.#closed = new Promise((resolve) => {
      this.#socket.onclose = (event) => {
        this.#over = true;
        this.#wake();
        resolve(event);
      };
    });
  }

  /** Connects without a hello. */
  static async connect(port: number): Promise<LiveClient> {
    const client = new LiveClient(port);
    await new Promise((resolve) => client.#socket.onopen = resolve);
    return client;
  }

  /** Connects, says hello and waits for the view's answer. */
  static async greet(port: number, view: View = GRAD_CAM_VIEW): Promise<LiveClient> {
    const client = await LiveClient.connect(port);
    client.say({ type: "hello", version: PROTOCOL_VERSION, view });
    await client.message("view");
    return client;
  }

  say(message: unknown): void {
    this.#socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  raw(bytes: Uint8Array<ArrayBuffer>): void {
    this.#socket.send(bytes);
  }

  frame(id: number, picture: Uint8Array<ArrayBuffer>, more: Partial<Frame> = {}): void {
    this.raw(encodeFrame({ id, format: "png", still: true, capturedMs: id, picture, ...more }));
  }

  /** The next text message of `type`; what comes before it is thrown away. */
  async message<Type extends ServerMessage["type"]>(
    type: Type,
  ): Promise<Extract<ServerMessage, { type: Type }>> {
    const isWanted = (one: ServerMessage | Tile): one is Extract<ServerMessage, { type: Type }> =>
      "type" in one && one.type === type;
    return await this.#next(isWanted, type);
  }

  /** The first text message of `type` that has come, or null; what came before it is kept for whoever asks for it. */
  waiting<Type extends ServerMessage["type"]>(type: Type): Extract<ServerMessage, { type: Type }> | null {
    const isWanted = (one: ServerMessage | Tile): one is Extract<ServerMessage, { type: Type }> =>
      "type" in one && one.type === type;
    const found = this.#inbox.find(isWanted);
    if (found !== undefined) this.#inbox.splice(this.#inbox.indexOf(found), 1);
    return found ?? null;
  }

  /** The next text message of `type`, as `waiting()`. */
  async taken<Type extends ServerMessage["type"]>(
    type: Type,
  ): Promise<Extract<ServerMessage, { type: Type }>> {
    for (;;) {
      const found = this.waiting(type);
      if (found !== null) return found;
      if (this.#over) throw new Error(`Cannot wait for '${type}': the connection has closed`);
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  /** The next tile for which `wanted` holds. */
  async tile(wanted: (tile: Tile) => boolean = () => true): Promise<Tile> {
    return await this.#next((one): one is Tile => !("type" in one) && wanted(one), "tile");
  }

  /** The next tile for which `wanted` holds, or the next error. */
  async tileOrError(wanted: (tile: Tile) => boolean): Promise<Tile | ErrorMessage> {
    return await this.#next(
      (one): one is Tile | ErrorMessage => "type" in one ? one.type === "error" : wanted(one),
      "tile",
    );
  }

  /** How the server closed the connection. */
  closed(): Promise<CloseEvent> {
    return this.#closed;
  }

  async #next<Wanted extends ServerMessage | Tile>(
    isWanted: (one: ServerMessage | Tile) => one is Wanted,
    what: string,
  ): Promise<Wanted> {
    for (;;) {
      for (let one = this.#inbox.shift(); one !== undefined; one = this.#inbox.shift()) {
        if (isWanted(one)) return one;
      }
      if (this.#over) throw new Error(`Cannot wait for '${what}': the connection has closed`);
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#socket.readyState !== WebSocket.CLOSED) this.#socket.close();
    await this.#closed;
  }
}
