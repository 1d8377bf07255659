/** Models that were asked for and come, or do not (rules X). */
import type { Pane } from "../../shared/protocol.ts";
import { accepted, changeView } from "./_asked.ts";
import { onExchanged } from "./_exchanged.ts";
import { addPanes } from "./_panes.ts";
import { errorMessage, refuse } from "./_refuse.ts";
import { modelIdOf, withUse } from "./_use.ts";
import type { Effect, LiveState, Reaction, SessionEvent, SessionWorld } from "./state.ts";

type ModelEvent = Extract<
  SessionEvent,
  { kind: "models" | "model-progress" | "model-ready" | "model-exchanged" | "model-failed" }
>;

/** Takes what is reported of models. */
export function onModel(world: SessionWorld, state: LiveState, event: ModelEvent): Reaction {
  switch (event.kind) {
    case "models":
      return { state, effects: [{ kind: "send", message: { type: "models", models: [...event.models] } }] };
    case "model-progress":
      return onProgress(world, state, event);
    case "model-ready":
      return withUse(world, onReady(world, state, event));
    case "model-exchanged":
      return onExchanged(world, state, event.served);
    case "model-failed":
      return withUse(world, onFailed(world, state, event));
    default: {
      const never: never = event;
      throw new TypeError(`Cannot take the event: its kind ${never} is unknown`);
    }
  }
}

function onProgress(
  world: SessionWorld,
  state: LiveState,
  { model, done }: Extract<ModelEvent, { kind: "model-progress" }>,
): Reaction {
  if (!awaits(world, state, model)) return { state, effects: [] };
  return { state, effects: [{ kind: "send", message: { type: "loading", model, done } }] };
}

/** What waited for a model takes effect. */
function onReady(
  world: SessionWorld,
  before: LiveState,
  { served }: Extract<ModelEvent, { kind: "model-ready" }>,
): Reaction {
  const { id } = served.model;
  // Nobody wants it any more.
  if (!before.using.includes(id)) return { state: before, effects: [] };
  const models = new Map([...before.models, [id, served]]);
  const { mine: panes, others } = panesOf(world, before, id);
  const state: LiveState = { ...before, models, awaited: { ...before.awaited, panes: others } };
  const { view } = state.awaited;
  const shown: Reaction = view !== null && modelIdOf(world, view) === id
    ? changeView(world, state, view)
    : { state, effects: [] };
  if (shown.state.phase !== "live" || panes.length === 0) return shown;
  const added = addPanes(world, shown.state, panes);
  return { state: added.state, effects: [...shown.effects, ...added.effects] };
}

/** What waited for a model is refused; the view and the panes before continue. */
function onFailed(
  world: SessionWorld,
  before: LiveState,
  { model, code, message }: Extract<ModelEvent, { kind: "model-failed" }>,
): Reaction {
  const { mine: panes, others } = panesOf(world, before, model);
  const { view } = before.awaited;
  const isView = view !== null && modelIdOf(world, view) === model;
  const state: LiveState = { ...before, awaited: { view: isView ? null : view, panes: others } };
  const refused: Effect[] = panes.map(({ id, revision }) =>
    errorMessage(code, message, { pane: id, revision })
  );
  if (!isView) return { state, effects: refused };
  const answer = refuse(state, code, message, { revision: view.revision });
  const stays: Effect[] = state.standsIn ? [accepted(state.request)] : [];
  return { state: answer.state, effects: [...answer.effects, ...stays, ...refused] };
}

function awaits(world: SessionWorld, { awaited: { view, panes } }: LiveState, model: string): boolean {
  return [...(view === null ? [] : [view]), ...panes].some((one) => modelIdOf(world, one) === model);
}

function panesOf(
  world: SessionWorld,
  { awaited: { panes } }: LiveState,
  model: string,
): { readonly mine: readonly Pane[]; readonly others: readonly Pane[] } {
  const mine = panes.filter((pane) => modelIdOf(world, pane) === model);
  return { mine, others: panes.filter((pane) => !mine.includes(pane)) };
}
