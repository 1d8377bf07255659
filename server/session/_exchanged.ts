/** A model that computes with another engine: its name, classes, values or head have changed (rule X8). */
import { coverProperty } from "../../shared/cover.ts";
import { GradcastError } from "../../shared/errors.ts";
import type { Pane, View } from "../../shared/protocol.ts";
import type { LoadedModel } from "../engine/port.ts";
import { changeView } from "./_asked.ts";
import { addPanes } from "./_panes.ts";
import { orRefusal } from "./_refuse.ts";
import { endSearchOf } from "./_search.ts";
import type {
  Effect,
  LiveState,
  PaneRequest,
  Reaction,
  ResolvedView,
  ServedModel,
  SessionWorld,
} from "./state.ts";

/** Explains again what is shown of a model, by the same revisions. */
export function onExchanged(world: SessionWorld, before: LiveState, served: ServedModel): Reaction {
  const { id } = served.model;
  const told = new Set([...before.told].filter((one) => one !== id));
  if (!before.models.has(id)) return { state: { ...before, told }, effects: [] };
  const forget: Effect = { kind: "forget-pictures", model: id };
  const models = new Map([...before.models, [id, served]]);
  const ended = endSearchOf(before, id);
  const shown = showAgain(world, { ...ended.state, models, told }, served);
  const { panes } = shown.state;
  const fresh = panes.filter(({ model }) => model.id === id);
  const added = addPanes(world, { ...shown.state, panes: panes.filter((one) => !fresh.includes(one)) }, [
    ...fresh.map((pane) => paneOf(pane, id)),
  ]);
  const state: LiveState = {
    ...added.state,
    panes: panes.flatMap(({ pane }) => added.state.panes.filter((one) => one.pane === pane)),
    awaited: before.awaited,
  };
  return { state, effects: [...ended.effects, forget, ...shown.effects, ...added.effects] };
}

/** The view, where it is of the model: what was learnt of the classes before says nothing of these. */
function showAgain(
  world: SessionWorld,
  before: LiveState,
  { model, message }: ServedModel,
): Reaction & { readonly state: LiveState } {
  const { request } = before;
  if (request.model.id !== model.id) return { state: before, effects: [] };
  const told = new Set([...before.told, model.id]);
  const state: LiveState = { ...before, told, ranking: null, whole: null };
  const next = changeView(world, state, viewFor(world, request, model));
  return {
    state: next.state.phase === "live" ? next.state : state,
    effects: [{ kind: "send", message }, ...next.effects],
  };
}

/** The same view; where the model has no such class, method or layer any more, the one that newcomers see. */
function viewFor(world: SessionWorld, request: ResolvedView, model: LoadedModel): View {
  const view = viewOf(request, model.id);
  const found = orRefusal(() => world.resolve(view, model));
  if (!(found instanceof GradcastError)) return view;
  return { ...world.defaultView, model: model.id, revision: view.revision };
}

function viewOf({ revision, method, target, layer, options, cover }: ResolvedView, model: string): View {
  return { revision, model, method: method.id, target, layer, options, ...coverProperty(cover) };
}

function paneOf(request: PaneRequest, model: string): Pane {
  const { pane, against } = request;
  return { ...viewOf(request, model), id: pane, ...(against === null ? {} : { against }) };
}
