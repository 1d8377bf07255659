/** The listening server: accepts connections within bounds and hands requests and sockets to an app (rules N). */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Buffer } from "node:buffer";
import { type ErrorCode, ERRORS, GradcastError } from "../../shared/errors.ts";
import {
  BODY_TIMEOUT_MS,
  GOODBYE_MS,
  HEADER_TIMEOUT_MS,
  IDLE_TIMEOUT_MS,
  MAX_CONNECTIONS,
  MAX_HEADER_BYTES,
  MAX_PIPELINED,
  MIN_BODY_RATE,
  STOP_MS,
} from "../../shared/limits.ts";
import { acceptAll, type Accepting } from "./_accept.ts";
import { Admission } from "./admission.ts";
import type { BodyTimes } from "./_body.ts";
import { Connection, type ConnectionTimes } from "./connection.ts";
import type { Answer, Bindings, Upgrade } from "./port.ts";
import { lastAnswer, refusalResponse } from "./_refusal.ts";
import { requestOf } from "./_request.ts";
import { sendResponse } from "./_response.ts";
import { type HeldSocket, openSocket } from "./_socket.ts";
import { asksForSocket, checkHandshake } from "./_upgrade.ts";

/** Refused connections that are read on for a moment, so that their refusal arrives; more are cut off. */
const MAX_REFUSED = 32;

/** Every time that the server waits for a client. */
export interface Times extends ConnectionTimes, BodyTimes {
  /** For answers under way when the server stops, in ms. */
  readonly stopMs: number;
}

/** The times of rules N1 and N7. */
export const TIMES: Times = {
  headerMs: HEADER_TIMEOUT_MS,
  idleMs: IDLE_TIMEOUT_MS,
  stallMs: IDLE_TIMEOUT_MS,
  bodyMs: BODY_TIMEOUT_MS,
  bodyRate: MIN_BODY_RATE,
  stopMs: STOP_MS,
};

/** What a listener is made of. */
export interface ListenOptions {
  /** Name or numeric address to listen on. */
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly answer: Answer;
  /** Receives what the app threw, and errors of connections that could not be accepted. */
  readonly onFault: (error: unknown) => void;
  readonly times?: Partial<Times>;
  /** Connections at the same time; default `MAX_CONNECTIONS`. */
  readonly maxConnections?: number;
}

/** A server that listens. */
export interface Listener {
  readonly port: number;
  /** Connections that are open. */
  readonly connections: number;
  /**
   * Accepts nothing more, ends what is idle, says goodbye to sockets (1001), and waits for answers under way, at most
   * `STOP_MS`; resolves when every connection has closed (N7).
   */
  close(): Promise<void>;
}

/** Listens, and answers from the first connection on. Throws what `Deno.listen` throws. */
export function listen(options: ListenOptions): Listener {
  return new Front(Deno.listen({ hostname: options.host, port: options.port }), options);
}

class Front implements Listener {
  readonly port: number;
  readonly #http: Server;
  readonly #answer: Answer;
  readonly #onFault: (error: unknown) => void;
  readonly #times: Times;
  readonly #admission: Admission<Connection>;
  /** Answers under way, by connection. */
  readonly #answers = new Map<Connection, Set<ServerResponse>>();
  readonly #sockets = new Set<HeldSocket>();
  readonly #refused = new Set<Connection>();
  readonly #accepting: Accepting;
  #wake = () => {};
  #closing: Promise<void> | null = null;

  constructor(tcp: Deno.TcpListener, { answer, onFault, times, maxConnections }: ListenOptions) {
    this.port = tcp.addr.port;
    this.#answer = answer;
    this.#onFault = onFault;
    this.#times = { ...TIMES, ...times };
    this.#admission = new Admission(maxConnections ?? MAX_CONNECTIONS);
    // Deno's types do not know the callback yet.
    const options = {
      maxHeaderSize: MAX_HEADER_BYTES,
      // A missing one is refused here, in words.
      requireHostHeader: false,
      shouldUpgradeCallback: asksForSocket,
    };
    this.#http = createServer(options);
    // Connections are accepted here and handed to it; without this it would end each one with its first answer.
    Object.defineProperty(this.#http, "listening", { get: () => this.#closing === null });
    // The header names it to clients; the connection itself keeps to it.
    this.#http.keepAliveTimeout = this.#times.idleMs;
    this.#http
      .on("request", (incoming, outgoing) => void this.#respond(incoming, outgoing))
      // Whoever expects what nobody knows gets the answer without it.
      .on("checkExpectation", (incoming, outgoing) => void this.#respond(incoming, outgoing))
      .on("upgrade", (incoming, socket, head) => void this.#upgrade(incoming, socket, head))
      .on(
        "connect",
        (_incoming, socket) => this.#refuse(socket, "method-not-allowed", "no address knows CONNECT"),
      )
      .on("clientError", (error, socket) => this.#onClientError(error, socket));
    this.#accepting = acceptAll(tcp, (connection) => this.#take(connection), onFault);
  }

  get connections(): number {
    return this.#admission.size;
  }

  close(): Promise<void> {
    return this.#closing ??= this.#stop();
  }

  #take(tcp: Deno.TcpConn): void {
    try {
      this.#enter(new Connection(tcp, this.#times, (late) => this.#onLate(late)));
    } catch {
      // It has broken off before it could be set up.
      tcp.close();
    }
  }

  #enter(connection: Connection): void {
    const verdict = this.#admission.enter(connection);
    // What a broken connection throws has its end as its only consequence.
    connection.on("error", () => {});
    switch (verdict.kind) {
      case "admitted-for":
        verdict.gone.destroy();
        break;
      case "refused": {
        this.#refused.add(connection);
        connection.once("close", () => this.#refused.delete(connection));
        if (this.#refused.size > MAX_REFUSED) connection.destroy();
        else this.#refuse(connection, "busy", `it serves ${verdict.limit} connections at a time`);
        return;
      }
      case "admitted":
        break;
      default:
        verdict satisfies never;
    }
    connection.once("close", () => {
      this.#admission.leave(connection);
      this.#answers.delete(connection);
      if (this.#admission.size === 0) this.#wake();
    });
    this.#answers.set(connection, new Set());
    this.#http.emit("connection", connection);
  }

  async #respond(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const connection = connectionOf(incoming.socket);
    const answers = this.#answers.get(connection);
    if (answers === undefined || connection.requests >= MAX_PIPELINED) return void connection.destroy();
    const gone = new AbortController();
    answers.add(outgoing);
    connection.beginRequest();
    outgoing.once("close", () => {
      answers.delete(outgoing);
      connection.endRequest();
      if (!outgoing.writableFinished) gone.abort(new DOMException("The client has gone", "AbortError"));
      if (this.#closing !== null && answers.size === 0) connection.destroySoon();
    });
    const response = await this.#make(incoming, gone.signal, null);
    if (connection.phase === "closing") return void response.body?.cancel();
    if (this.#closing !== null) outgoing.shouldKeepAlive = false;
    try {
      await sendResponse(outgoing, response, incoming.method === "HEAD");
    } catch (error) {
      this.#onFault(error);
      connection.destroy();
    }
    // What was not read of the body is thrown away, so that the client gets to its answer.
    if (!incoming.complete) incoming.removeAllListeners("readable").resume();
  }

  async #upgrade(incoming: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    const connection = connectionOf(stream);
    const gone = new AbortController();
    const wanted: Parameters<Upgrade>[] = [];
    connection.beginRequest();
    connection.once("close", () => gone.abort(new DOMException("The client has gone", "AbortError")));
    const response = await this.#make(incoming, gone.signal, (...how) => {
      wanted.push(how);
      return new Response(null, { status: 204 });
    });
    connection.endRequest();
    if (connection.destroyed || connection.phase === "closing") return;
    const [how] = wanted;
    if (how === undefined || !response.ok) {
      const refusal = response.ok
        ? refusalResponse(
          new GradcastError("bad-request", "Cannot open the WebSocket: this address has none"),
        )
        : response;
      if (refusal !== response) void response.body?.cancel();
      connection.sayGoodbye(await lastAnswer(refusal), GOODBYE_MS);
      return;
    }
    const [limits, open] = how;
    const socket = openSocket({
      ...{ incoming, connection, head, limits, open },
      onFault: this.#onFault,
      onEnd: (ended) => this.#sockets.delete(ended),
    });
    if (socket !== null) this.#sockets.add(socket);
  }

  /** The app's answer, or a refusal. */
  async #make(incoming: IncomingMessage, signal: AbortSignal, upgrade: Upgrade | null): Promise<Response> {
    const { remoteAddress, remotePort } = connectionOf(incoming.socket);
    const { httpVersion } = incoming;
    const peer: Bindings = { remoteAddr: { hostname: remoteAddress, port: remotePort }, httpVersion };
    try {
      const request = requestOf(incoming, signal, this.#times);
      if (upgrade !== null) checkHandshake(incoming);
      return await this.#answer(request, upgrade === null ? peer : { ...peer, upgrade });
    } catch (error) {
      if (error instanceof GradcastError) return refusalResponse(error);
      this.#onFault(error);
      return refusalResponse(new GradcastError("server-fault", ERRORS["server-fault"].words));
    }
  }

  #onClientError(error: Error, stream: Duplex): void {
    const code = "code" in error ? error.code : "";
    // Where an answer has begun nothing can be put behind it.
    const hasBegun = [...this.#answers.get(connectionOf(stream)) ?? []].some(({ headersSent }) =>
      headersSent
    );
    if (typeof code !== "string" || !code.startsWith("HPE_") || hasBegun) return void stream.destroy();
    if (code === "HPE_HEADER_OVERFLOW") {
      this.#refuse(
        stream,
        "headers-size",
        `expected at most ${MAX_HEADER_BYTES} bytes of address and headers together, got more`,
      );
    } else this.#refuse(stream, "bad-request", "it is not HTTP/1.1");
  }

  #onLate(connection: Connection): void {
    if (!connection.hasBegun) return void connection.destroy();
    this.#refuse(
      connection,
      "request-timeout",
      `expected its headers within ${this.#times.headerMs / 1_000} s, got a part of them`,
    );
  }

  #refuse(stream: Duplex, code: ErrorCode, reason: string): void {
    const connection = connectionOf(stream);
    const refusal = refusalResponse(new GradcastError(code, `Cannot serve the request: ${reason}`));
    void lastAnswer(refusal).then((text) => connection.sayGoodbye(text, GOODBYE_MS));
  }

  async #stop(): Promise<void> {
    await this.#accepting.end();
    for (const socket of [...this.#sockets]) socket.close(ERRORS["server-closing"].close, "server-closing");
    for (const connection of this.#admission) {
      if (connection.phase === "idle" || connection.phase === "headers") connection.destroy();
    }
    for (const connection of this.#refused) connection.destroy();
    const late = setTimeout(() => {
      for (const connection of this.#admission) connection.destroy();
    }, this.#times.stopMs);
    while (this.#admission.size > 0) await new Promise<void>((resolve) => this.#wake = resolve);
    clearTimeout(late);
  }
}

/** Every stream of this server's HTTP is one that it accepted. */
function connectionOf(stream: Duplex): Connection {
  if (stream instanceof Connection) return stream;
  throw new TypeError("Cannot serve the connection: it was not accepted here");
}
