/** What a viewer asks for: kept until the next turn, where the last of each kind takes effect (rules M5, V, P and L1). */
import { coverProperty, effectiveCover, sameCover } from "../../shared/cover.ts";
import { GradcastError } from "../../shared/errors.ts";
import { COVER_FRAME_MS, TURN_PAUSE_MS, TURN_REST } from "../../shared/limits.ts";
import type { ClientMessage, View } from "../../shared/protocol.ts";
import { lookUp } from "./_cover.ts";
import { switchLog } from "./_log.ts";
import { changePanes } from "./_panes.ts";
import { afterCover, switchReasons, withoutMap } from "./_reasons.ts";
import { orRefusal, refuse } from "./_refuse.ts";
import { endSearchOf } from "./_search.ts";
import { modelIdOf, withUse } from "./_use.ts";
import type { AskedKind, Effect, LiveState, Moment, Reaction, ResolvedView, SessionWorld } from "./state.ts";

type AskedMessage = Extract<ClientMessage, { type: AskedKind }>;

/** Keeps a message for the next turn, in place of an earlier one of its kind. */
export function ask(state: LiveState, message: AskedMessage, nowMs: number): Reaction {
  const asked = { ...state.asked, [message.type]: message };
  const restMs = Math.max(frameRestMs(state, message), state.nextTurnMs - nowMs);
  return {
    state: { ...state, asked },
    effects: state.asked === null ? [{ kind: "arm", name: "turn", ms: restMs }] : [],
  };
}

/** How long a turn leaves the engine to a frame that is about to come, in ms: its own turn is then at its beginning (U7). */
function frameRestMs({ current, request }: LiveState, message: AskedMessage): number {
  const paints = message.type === "view" && !sameCover(effectiveCover(message.view.cover), request.cover);
  return paints && current !== null && current.answered && !current.still ? COVER_FRAME_MS : 0;
}

/** Lets everything that was asked for take effect. */
export function takeTurn(world: SessionWorld, state: LiveState, { nowMs }: Pick<Moment, "nowMs">): Reaction {
  const { asked } = state;
  if (asked === null) return { state, effects: [] };
  const steps: ((live: LiveState) => Reaction)[] = [];
  const { view, panes, log, share, stage, reasons } = asked;
  if (view !== undefined) {
    steps.push((live) => afterCover(live, changeView(world, live, view.view), nowMs));
  }
  if (panes !== undefined) steps.push((live) => changePanes(world, live, panes.panes));
  if (log !== undefined) steps.push((live) => switchLog(world, live, log.on));
  if (share !== undefined) steps.push((live) => changeShare(world, live, share));
  if (stage !== undefined) steps.push((live) => setStage(live, stage));
  if (reasons !== undefined) steps.push((live) => switchReasons(live, reasons.on, nowMs));
  let reaction: Reaction = {
    state: { ...state, asked: null, activeMs: nowMs, nextTurnMs: nowMs + TURN_PAUSE_MS },
    effects: [],
  };
  for (const step of steps) {
    if (reaction.state.phase !== "live") break;
    const next = step(reaction.state);
    reaction = { state: next.state, effects: [...reaction.effects, ...next.effects] };
  }
  return withUse(world, reaction);
}

/** Notes how long a turn took: the longer, the longer the next one waits. */
export function onTurned(state: LiveState, tookMs: number, nowMs: number): Reaction {
  const nextTurnMs = Math.max(state.nextTurnMs, nowMs + TURN_REST * tookMs);
  return { state: { ...state, nextTurnMs }, effects: [] };
}

/** Shows a view; one whose model is not here yet waits for it, and the one before continues (X3). */
export function changeView(world: SessionWorld, before: LiveState, view: View): Reaction {
  const id = modelIdOf(world, view);
  const served = before.models.get(id);
  const request = orRefusal(() =>
    served === undefined ? world.expect(id) : lookUp(world, view, served.model)
  );
  const state: LiveState = { ...before, awaited: { ...before.awaited, view: null } };
  if (request instanceof GradcastError) {
    return refuse(state, request.code, request.message, { revision: view.revision });
  }
  if (request === undefined || served === undefined) {
    return { state: { ...state, awaited: { ...state.awaited, view }, badInARow: 0 }, effects: [] };
  }
  const switches = id !== state.request.model.id;
  const covers = !sameCover(request.cover, state.request.cover);
  const effects: Effect[] = [
    ...(switches ? [{ kind: "send", message: served.message } as const] : []),
    accepted(request),
  ];
  if (state.current !== null) {
    effects.push({
      kind: "explain",
      work: state.current,
      requests: [{ ...request, pane: 0, against: null }],
    });
  }
  const ended = switches ? endSearchOf(state, state.request.model.id) : { state, effects: [] };
  return {
    state: {
      ...ended.state,
      request,
      standsIn: false,
      badInARow: 0,
      told: new Set([...state.told, id]),
      // What another model said, or this one of what was visible before, is no beginning for the list.
      ...(switches || covers ? { ranking: null } : {}),
      ...(switches ? { before: state.request.model } : {}),
      reasons: withoutMap(state.reasons),
    },
    effects: [...effects, ...ended.effects],
  };
}

/** Lets others watch or ends that (W1); those who watch receive the view at once. */
function changeShare(
  world: SessionWorld,
  state: LiveState,
  { on, key }: Extract<ClientMessage, { type: "share" }>,
): Reaction {
  const sharing = { ...state, sharing: on, badInARow: 0 };
  if (!on) return { state: sharing, effects: [{ kind: "share", key: null }] };
  const { id } = state.request.model;
  const served = id === world.first.model.id ? undefined : state.models.get(id);
  return {
    state: sharing,
    effects: [
      { kind: "share", key },
      ...(served === undefined ? [] : [{ kind: "send", message: served.message } as const]),
      accepted(state.request),
    ],
  };
}

/** What comes late, after the show has ended, means nothing. */
function setStage(state: LiveState, { stage }: Extract<ClientMessage, { type: "stage" }>): Reaction {
  return state.sharing
    ? { state: { ...state, badInARow: 0 }, effects: [{ kind: "stage", stage }] }
    : { state, effects: [] };
}

/** The answer to a view. */
export function accepted(
  { revision, model, method, target, layer, options, cover, notes }: ResolvedView,
): Effect {
  const message = {
    type: "view",
    revision,
    model: model.id,
    method: method.id,
    target,
    layer,
    options,
    ...coverProperty(cover),
    ...(notes.length === 0 ? {} : { notes: [...notes] }),
  } as const;
  return { kind: "send", message };
}
