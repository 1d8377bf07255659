/** Control messages: parsed, checked against the schema and counted; what asks for something waits for its turn (rules H and M). */
import * as v from "valibot";
import { GradcastError } from "../../shared/errors.ts";
import { firstHeartbeat } from "../../shared/heartbeat.ts";
import { HEARTBEAT_STEP_MS, MAX_CONTROL_CHARS, PROTOCOL_VERSION } from "../../shared/limits.ts";
import { misfitOf } from "../../shared/misfit.ts";
import { type ClientMessage, ClientMessageSchema, type View } from "../../shared/protocol.ts";
import { accepted, ask, changeView } from "./_asked.ts";
import { lookUp } from "./_cover.ts";
import { NO_REASONS } from "./_reasons.ts";
import { limited } from "./_limited.ts";
import { errorMessage, orRefusal, refuse, type Refused } from "./_refuse.ts";
import { changeSearch } from "./_search.ts";
import { modelIdOf, withUse } from "./_use.ts";
import type { Effect, LiveState, Reaction, SessionState, SessionWorld } from "./state.ts";

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
      `Cannot take the message: expected at most ${MAX_CONTROL_CHARS} characters, got ${text.length}`,
    );
  }
  const json = parseJson(text);
  if (json === undefined) {
    return limited(
      state,
      "unfit",
      nowMs,
      (open) =>
        refuse(
          open,
          open.phase === "greeting" ? "hello-expected" : "message-syntax",
          `Cannot read the message: expected JSON, got ${JSON.stringify(excerpt(text))}`,
        ),
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
      `Cannot take the message: expected a hello first, got ${excerpt(text)}`,
    );
  }
  const parsed = v.safeParse(ClientMessageSchema, json);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return limited(
      state,
      "unfit",
      nowMs,
      (open) => refuse(open, "message-shape", `Cannot read the message: ${misfitOf(issue, "it")}`),
    );
  }
  const message = parsed.output;
  if (message.type === "hello") return greet(world, message.view, nowMs);
  return limited(state, message.type, nowMs, (open) => onMessage(open, message, nowMs), refusedBy(message));
}

function refuseHello(state: OpenState, version: number): Reaction | null {
  if (state.phase === "live") {
    return refuse(
      state,
      "hello-twice",
      "Cannot take the hello: the session has begun already",
    );
  }
  if (version === PROTOCOL_VERSION) return null;
  return refuse(
    state,
    "protocol-version",
    `Cannot take the hello: expected version ${PROTOCOL_VERSION}, got ${version}`,
  );
}

function onMessage(
  state: OpenState,
  message: Exclude<ClientMessage, { type: "hello" }>,
  nowMs: number,
): Reaction {
  switch (message.type) {
    case "view":
    case "panes":
    case "log":
    case "share":
    case "stage":
    case "reasons":
      return state.phase === "live" ? ask(state, message, nowMs) : { state, effects: [] };
    case "flip":
      return state.phase === "live" ? changeSearch(state, message) : { state, effects: [] };
    case "ping":
      return { state, effects: [{ kind: "send", message: { type: "pong" } }] };
    case "pong":
      return { state, effects: [] };
    default: {
      const never: never = message;
      throw new TypeError(`Cannot take the message: its type is not known: ${JSON.stringify(never)}`);
    }
  }
}

/** What a refusal of a message names. */
function refusedBy(message: ClientMessage): Refused {
  return message.type === "view" ? { revision: message.view.revision } : {};
}

function greet(world: SessionWorld, view: View, nowMs: number): Reaction {
  const effects: Effect[] = [{ kind: "disarm", name: "hello" }, { kind: "send", message: world.welcome() }];
  const { first } = world;
  const isOfFirst = modelIdOf(world, view) === first.model.id;
  const standard = () => lookUp(world, world.defaultView, first.model);
  const asked = isOfFirst ? orRefusal(() => lookUp(world, view, first.model)) : standard();
  const request = asked instanceof GradcastError ? standard() : asked;
  if (asked instanceof GradcastError) {
    effects.push(errorMessage(asked.code, asked.message, { revision: view.revision }));
  }
  if (isOfFirst) effects.push(accepted(request));
  effects.push({ kind: "arm", name: "heartbeat", ms: HEARTBEAT_STEP_MS });
  const state: LiveState = {
    phase: "live",
    request,
    logging: false,
    sharing: false,
    standsIn: !isOfFirst,
    panes: [],
    models: new Map([[first.model.id, first]]),
    using: isOfFirst ? [first.model.id] : [],
    awaited: { view: null, panes: [] },
    told: new Set([first.model.id]),
    before: null,
    lastId: 0,
    activeMs: null,
    ranking: null,
    whole: null,
    reasons: NO_REASONS,
    current: null,
    waiting: null,
    dropped: { superseded: 0, slow: 0 },
    badInARow: 0,
    search: null,
    asked: null,
    nextTurnMs: -Infinity,
    rates: {},
    slowSinceMs: null,
    heartbeat: firstHeartbeat(nowMs),
  };
  if (isOfFirst) return { state, effects };
  // Until its model is here the default view counts, and where there is no such model from then on.
  const next = withUse(world, changeView(world, state, view));
  const refused = next.effects.some((effect) => effect.kind === "send" && effect.message.type === "error");
  return {
    state: next.state,
    effects: [...effects, ...next.effects, ...(refused ? [accepted(request)] : [])],
  };
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
