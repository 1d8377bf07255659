/** Control messages: parsed and checked against the schema, then acted on (rules H, M and V). */
import * as v from "valibot";
import { GradcastError } from "../../shared/errors.ts";
import { firstHeartbeat } from "../../shared/heartbeat.ts";
import { HEARTBEAT_STEP_MS, MAX_CONTROL_CHARS, PROTOCOL_VERSION } from "../../shared/limits.ts";
import { type ClientMessage, ClientMessageSchema, type View } from "../../shared/protocol.ts";
import { changePanes } from "./_panes.ts";
import { errorMessage, orRefusal, refuse } from "./_refuse.ts";
import type { Effect, LiveState, Reaction, Request, SessionState, SessionWorld } from "./state.ts";

type OpenState = Exclude<SessionState, { phase: "closed" }>;

/** A hello as far as every version of the protocol agrees on it. */
const AnyHelloSchema = v.object({ type: v.literal("hello"), version: v.number() });

/** Longest excerpt of a bad message that is sent back. */
const EXCERPT_CHARS = 80;

/** Takes a text message that came at `nowMs` of the server's clock. */
export function onText(world: SessionWorld, state: OpenState, text: string, nowMs: number): Reaction {
  if (text.length > MAX_CONTROL_CHARS) {
    return refuse(
      state,
      "message-size",
      `Cannot take the message as text has at most ${MAX_CONTROL_CHARS} characters: current value is ${text.length}`,
    );
  }
  const json = parseJson(text);
  if (json === undefined) {
    return refuse(
      state,
      state.phase === "greeting" ? "hello-expected" : "message-syntax",
      `Cannot read the message as text has to be JSON: current value is ${JSON.stringify(excerpt(text))}`,
    );
  }
  const hello = v.safeParse(AnyHelloSchema, json);
  if (hello.success) {
    const refused = refuseHello(state, hello.output.version);
    if (refused !== null) return refused;
  } else if (state.phase === "greeting") {
    return refuse(
      state,
      "hello-expected",
      `Cannot take the message as a hello comes first: current value is ${excerpt(text)}`,
    );
  }
  const parsed = v.safeParse(ClientMessageSchema, json);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    const path = v.getDotPath(issue) ?? "message";
    return refuse(
      state,
      "message-shape",
      `Cannot take the message as '${path}' does not fit: ${issue.message}`,
    );
  }
  return onMessage(world, state, parsed.output, nowMs);
}

function refuseHello(state: OpenState, version: number): Reaction | null {
  if (state.phase === "live") {
    return refuse(
      state,
      "hello-twice",
      "Cannot take the hello as the session has begun: current value is a second hello",
    );
  }
  if (version === PROTOCOL_VERSION) return null;
  return refuse(
    state,
    "protocol-version",
    `Cannot take the hello as the server speaks version ${PROTOCOL_VERSION}: current value is ${version}`,
  );
}

function onMessage(world: SessionWorld, state: OpenState, message: ClientMessage, nowMs: number): Reaction {
  switch (message.type) {
    case "hello":
      return greet(world, message.view, nowMs);
    case "view":
      return state.phase === "live" ? changeView(world, state, message.view) : { state, effects: [] };
    case "log":
      return state.phase === "live" ? switchLog(world, state, message.on) : { state, effects: [] };
    case "share":
      return state.phase === "live" ? share(state, message) : { state, effects: [] };
    case "stage":
      // What comes late, after the show has ended, means nothing.
      return state.phase === "live" && state.sharing
        ? { state: { ...state, badInARow: 0 }, effects: [{ kind: "stage", stage: message.stage }] }
        : { state, effects: [] };
    case "ping":
      return { state, effects: [{ kind: "send", message: { type: "pong" } }] };
    case "pong":
      return { state, effects: [] };
    case "panes":
      return state.phase === "live" ? changePanes(world, state, message.panes) : { state, effects: [] };
    default: {
      const never: never = message;
      throw new TypeError(`Cannot take the message as it is of no known type: current value is ${never}`);
    }
  }
}

function greet(world: SessionWorld, view: View, nowMs: number): Reaction {
  const effects: Effect[] = [{ kind: "disarm", name: "hello" }, { kind: "send", message: world.welcome }];
  const asked = orRefusal(() => world.resolve(view));
  const request = asked instanceof GradcastError ? world.resolve(world.defaultView) : asked;
  if (asked instanceof GradcastError) {
    effects.push(errorMessage(asked.code, asked.message, { revision: view.revision }));
  }
  effects.push(accepted(request), { kind: "arm", name: "heartbeat", ms: HEARTBEAT_STEP_MS });
  const state: LiveState = {
    phase: "live",
    request,
    logging: false,
    sharing: false,
    panes: [],
    lastId: 0,
    ranking: null,
    current: null,
    waiting: null,
    dropped: { superseded: 0, slow: 0 },
    badInARow: 0,
    slowSinceMs: null,
    heartbeat: firstHeartbeat(nowMs),
  };
  return { state, effects };
}

function changeView(world: SessionWorld, state: LiveState, view: View): Reaction {
  const request = orRefusal(() => world.resolve(view));
  if (request instanceof GradcastError) {
    return refuse(state, request.code, request.message, { revision: view.revision });
  }
  const effects: Effect[] = [accepted(request)];
  if (state.current !== null) {
    effects.push({
      kind: "explain",
      work: state.current,
      requests: [{ ...request, pane: 0, against: null }],
    });
  }
  return { state: { ...state, request, badInARow: 0 }, effects };
}

/** Turns the viewer's log on or off (L1, L2). */
function switchLog(world: SessionWorld, state: LiveState, on: boolean): Reaction {
  if (on && !world.keepsLog) {
    return refuse(
      state,
      "no-log",
      "Cannot turn the log on as the server was started without one: current value is on",
    );
  }
  const effects: Effect[] = state.logging === on ? [] : [{ kind: "log", on }];
  return {
    state: { ...state, logging: on, badInARow: 0 },
    effects: [...effects, { kind: "send", message: { type: "log", on } }],
  };
}

/** Lets others watch or ends that (W1); those who watch are told the view at once. */
function share(state: LiveState, { on, key }: Extract<ClientMessage, { type: "share" }>): Reaction {
  return {
    state: { ...state, sharing: on, badInARow: 0 },
    effects: on ? [{ kind: "share", key }, accepted(state.request)] : [{ kind: "share", key: null }],
  };
}

function accepted({ revision, method, target, layer, options }: Request): Effect {
  return { kind: "send", message: { type: "view", revision, method: method.id, target, layer, options } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function excerpt(text: string): string {
  return text.length <= EXCERPT_CHARS ? text : `${text.slice(0, EXCERPT_CHARS)}…`;
}
