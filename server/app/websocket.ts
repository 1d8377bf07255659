/** The adapter from Deno's WebSocket to the sockets of viewers and watchers. */
import type { Context } from "hono";
import { upgradeWebSocket } from "hono/deno";
import type { WSEvents } from "hono/ws";
import type { Hub } from "./hub.ts";
import { factsOf, type OwnMachine, type Peer } from "./own_machine.ts";
import type { Socket } from "../session/mod.ts";
import type { WatcherKind } from "../show/mod.ts";

/** Answers `/ws`: one viewer for each connection. */
export function liveSocket(hub: Hub, own: OwnMachine) {
  return upgradeWebSocket((context: Context<{ Bindings: Peer }>) =>
    events(originOf(context, own), (socket) => hub.connect(socket))
  );
}

/** Answers `/ws/watch/CODE` and `/ws/remote/CODE`: people who watch a show, or steer it. */
export function showSocket(hub: Hub, own: OwnMachine, kind: WatcherKind) {
  return upgradeWebSocket((context: Context<{ Bindings: Peer }>) =>
    events(originOf(context, own), (socket) => hub.join(kind, context.req.param("code") ?? "", socket))
  );
}

/** The other end of a socket. */
interface Receiver {
  receive(data: string | Uint8Array<ArrayBuffer>): void;
  closed(): void;
}

/** Where a connection comes from. */
type SocketOrigin = Pick<Socket, "address" | "own">;

function originOf(context: Context<{ Bindings: Peer }>, own: OwnMachine): SocketOrigin {
  const facts = factsOf(context);
  return { address: facts.peer ?? "", own: own.admits(facts) };
}

function events(origin: SocketOrigin, open: (socket: Socket) => Receiver | null): WSEvents<WebSocket> {
  let receiver: Receiver | null = null;
  return {
    onOpen(_event, { raw }) {
      if (raw === undefined) return;
      raw.binaryType = "arraybuffer";
      receiver = open(adapt(raw, origin));
    },
    onMessage({ data }) {
      if (typeof data === "string") receiver?.receive(data);
      else if (data instanceof ArrayBuffer) receiver?.receive(new Uint8Array(data));
    },
    onClose() {
      receiver?.closed();
    },
    onError() {
      receiver?.closed();
    },
  };
}

function adapt(raw: WebSocket, origin: SocketOrigin): Socket {
  return {
    ...origin,
    send(data) {
      // A socket that closed meanwhile throws; the close event follows and ends the session.
      if (raw.readyState === WebSocket.OPEN) raw.send(data);
    },
    close(code, reason) {
      if (raw.readyState === WebSocket.OPEN) raw.close(code, reason);
    },
    get bufferedBytes() {
      return raw.bufferedAmount;
    },
  };
}
