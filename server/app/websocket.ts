/** The WebSockets of viewers and of those who watch: who takes their messages, and how large these may be. */
import type { Context, Handler } from "hono";
import { type ErrorCode, ERRORS, GradcastError } from "../../shared/errors.ts";
import {
  MAX_CONTROL_CHARS,
  MAX_FIRST_MESSAGE_BYTES,
  MAX_FRAME_BYTES,
  MAX_MESSAGE_BYTES,
} from "../../shared/limits.ts";
import type { ServerMessage } from "../../shared/protocol.ts";
import type { Bindings, OpenSocket, SocketLimits, SocketUser } from "../listen/mod.ts";
import type { Socket } from "../session/mod.ts";
import type { WatcherKind } from "../show/mod.ts";
import type { Hub } from "./hub.ts";
import { factsOf, type OwnMachine } from "./own_machine.ts";

type SocketContext = Context<{ Bindings: Partial<Bindings> }>;

/** Of a viewer: control messages until it has said hello, then frames. */
const VIEWER_LIMITS: SocketLimits = {
  firstBytes: MAX_FIRST_MESSAGE_BYTES,
  laterBytes: MAX_MESSAGE_BYTES,
  refuse: (socket, isFirst) => isFirst ? refuseHello(socket) : refuseFrame(socket),
};

/** Of those who watch and steer: control messages alone. */
const WATCHER_LIMITS: SocketLimits = {
  firstBytes: MAX_FIRST_MESSAGE_BYTES,
  laterBytes: MAX_FIRST_MESSAGE_BYTES,
  refuse: refuseText,
};

/** Answers `/ws`: one viewer for each connection. */
export function liveSocket(hub: Hub, own: OwnMachine): Handler {
  return (context) => upgrade(context, own, VIEWER_LIMITS, (socket) => hub.connect(socket));
}

/** Answers `/ws/watch/CODE` and `/ws/remote/CODE`: people who watch a show, or steer it. */
export function showSocket(hub: Hub, own: OwnMachine, kind: WatcherKind): Handler {
  return (context) => {
    const code = context.req.param("code") ?? "";
    return upgrade(context, own, WATCHER_LIMITS, (socket) => hub.join(kind, code, socket));
  };
}

function upgrade(
  context: SocketContext,
  own: OwnMachine,
  limits: SocketLimits,
  open: (socket: Socket) => SocketUser | null,
): Response {
  const { env, req } = context;
  const isOwn = own.admits(factsOf(context));
  if (env?.upgrade !== undefined) return env.upgrade(limits, (socket) => open(withOwn(socket, isOwn)));
  throw new GradcastError(
    "upgrade-required",
    `Cannot answer ${req.path}: it is for WebSockets, and the request asks for none`,
  );
}

function withOwn(socket: OpenSocket, own: boolean): Socket {
  return {
    own,
    address: socket.address,
    send: (data) => socket.send(data),
    close: (code, reason) => socket.close(code, reason),
    get bufferedBytes() {
      return socket.bufferedBytes;
    },
  };
}

/** What is larger than any control message is no hello (H1). */
function refuseHello(socket: OpenSocket): void {
  refuse(
    socket,
    "hello-expected",
    `Cannot take the message: expected a hello of at most ${MAX_CONTROL_CHARS} characters first, got a longer message`,
  );
}

function refuseFrame(socket: OpenSocket): void {
  refuse(
    socket,
    "frame-bytes",
    `Cannot take the message: expected at most ${MAX_FRAME_BYTES} bytes beside its header, got more`,
  );
}

function refuseText(socket: OpenSocket): void {
  refuse(
    socket,
    "message-size",
    `Cannot take the message: expected at most ${MAX_CONTROL_CHARS} characters, got more`,
  );
}

/** Says why, then closes (E3). */
function refuse(socket: OpenSocket, code: ErrorCode, message: string): void {
  const error: ServerMessage = { type: "error", code, message, frame: null, revision: null, pane: null };
  socket.send(JSON.stringify(error));
  socket.close(ERRORS[code].close ?? ERRORS["server-fault"].close, code);
}
