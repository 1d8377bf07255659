/** How often a viewer may send what (M6, M7). */
import {
  MAX_FRAMES_AT_ONCE,
  MAX_FRAMES_PER_S,
  MAX_MESSAGES_AT_ONCE,
  MAX_MESSAGES_OVER,
  MAX_MESSAGES_PER_S,
} from "../../shared/limits.ts";
import { closing, refuse, type Refused } from "./_refuse.ts";
import { draw, fullBucket, type RateLimit } from "./rate.ts";
import type { RateKind, Reaction, SessionState } from "./state.ts";

type OpenState = Exclude<SessionState, { phase: "closed" }>;

const MESSAGES: RateLimit = {
  perSecond: MAX_MESSAGES_PER_S,
  atOnce: MAX_MESSAGES_AT_ONCE,
  excess: MAX_MESSAGES_OVER,
};
const FRAMES: RateLimit = {
  perSecond: MAX_FRAMES_PER_S,
  atOnce: MAX_FRAMES_AT_ONCE,
  excess: MAX_MESSAGES_OVER,
};

/** What people read of a kind. */
const NAMES: Readonly<Record<RateKind, string>> = {
  view: "views",
  panes: "messages for panes",
  log: "messages for the log",
  share: "messages for sharing",
  stage: "stages",
  flip: "searches",
  reasons: "messages for reasons",
  ping: "pings",
  pong: "pongs",
  unfit: "messages that do not fit",
  frame: "frames",
};

/**
 * Takes a message of a kind where it may come, and refuses or ends the session otherwise. Before the hello nothing is
 * counted: there the first message that does not fit ends the session.
 */
export function limited<Open extends OpenState>(
  state: Open,
  kind: RateKind,
  nowMs: number,
  take: (state: Open) => Reaction,
  refused: Refused = {},
): Reaction {
  if (state.phase !== "live") return take(state);
  const limit = kind === "frame" ? FRAMES : MESSAGES;
  const { bucket, drawn } = draw(state.rates[kind] ?? fullBucket(limit, nowMs), limit, nowMs);
  const counted: Open = { ...state, rates: { ...state.rates, [kind]: bucket } };
  switch (drawn) {
    case "taken":
      return take(counted);
    case "refused":
      return refuse(
        counted,
        "message-rate",
        `Cannot take the message: expected at most ${limit.perSecond} ${NAMES[kind]} in a second, got more`,
        refused,
      );
    case "given-up":
      return { state: counted, effects: closing("message-flood") };
    default: {
      const never: never = drawn;
      return never;
    }
  }
}
