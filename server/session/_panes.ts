/** Panes: further maps of the same frames, each looked up by itself (rules P and X). */
import { coverProperty } from "../../shared/cover.ts";
import { GradcastError } from "../../shared/errors.ts";
import type { Pane } from "../../shared/protocol.ts";
import type { LoadedModel } from "../engine/port.ts";
import { lookUp } from "./_cover.ts";
import { errorMessage, orRefusal } from "./_refuse.ts";
import { modelIdOf } from "./_use.ts";
import type { Effect, LiveState, PaneRequest, Reaction, SessionWorld } from "./state.ts";

/** Takes the panes that count from now on; one that cannot be had is refused, and the others continue. */
export function changePanes(world: SessionWorld, state: LiveState, asked: readonly Pane[]): Reaction {
  const kept = state.panes.filter((one) =>
    asked.some(({ id, revision }) => one.pane === id && one.revision === revision)
  );
  const gone = state.panes.filter((one) => !kept.includes(one)).map(({ pane }) => pane);
  const fresh = asked.filter(({ id }) => kept.every(({ pane }) => pane !== id));
  const added = addPanes(world, { ...state, panes: kept, awaited: { ...state.awaited, panes: [] } }, fresh);
  const left = gone.filter((id) => added.state.panes.every(({ pane }) => pane !== id));
  const retire: Effect[] = left.length === 0 ? [] : [{ kind: "retire", panes: left }];
  const explain = added.effects.findIndex(({ kind }) => kind === "explain");
  const at = explain < 0 ? added.effects.length : explain;
  return {
    state: { ...added.state, panes: inOrder(added.state.panes, asked) },
    effects: [...added.effects.slice(0, at), ...retire, ...added.effects.slice(at)],
  };
}

/** Looks up further panes; those of a model that is not here yet wait for it (X3). */
export function addPanes(
  world: SessionWorld,
  state: LiveState,
  asked: readonly Pane[],
): Reaction & { readonly state: LiveState } {
  const effects: Effect[] = [];
  const fresh: PaneRequest[] = [];
  const awaited: Pane[] = [];
  const told = new Set(state.told);
  for (const pane of asked) {
    const id = modelIdOf(world, pane);
    const served = state.models.get(id);
    const request = orRefusal(() =>
      served === undefined ? world.expect(id) : lookUpPane(world, served.model, pane)
    );
    if (request instanceof GradcastError) {
      effects.push(errorMessage(request.code, request.message, { pane: pane.id, revision: pane.revision }));
    } else if (request === undefined || served === undefined) awaited.push(pane);
    else {
      fresh.push(request);
      if (!told.has(id)) effects.push({ kind: "send", message: served.message });
      told.add(id);
      effects.push(accepted(request));
    }
  }
  if (fresh.length > 0 && state.current !== null) {
    effects.push({ kind: "explain", work: state.current, requests: fresh });
  }
  return {
    state: {
      ...state,
      told,
      panes: [...state.panes, ...fresh],
      awaited: { ...state.awaited, panes: [...state.awaited.panes, ...awaited] },
    },
    effects,
  };
}

function inOrder(panes: readonly PaneRequest[], asked: readonly Pane[]): readonly PaneRequest[] {
  return asked.flatMap(({ id }) => panes.filter(({ pane }) => pane === id));
}

function lookUpPane(
  world: SessionWorld,
  model: LoadedModel,
  { id, against, ...view }: Pane,
): PaneRequest {
  const request = lookUp(world, view, model);
  if (against === undefined) return { ...request, pane: id, against: null };
  // The difference of two maps has two signs, and a method that can keep both must do so.
  const options = request.method.options.some(({ name }) => name === "signed")
    ? { ...request.options, signed: true }
    : request.options;
  return {
    ...request,
    options,
    pane: id,
    against: world.resolve({ ...view, target: against }, model).target,
  };
}

function accepted(
  { pane, revision, model, method, target, against, layer, options, cover, notes }: PaneRequest,
): Effect {
  const message = {
    type: "pane",
    id: pane,
    revision,
    model: model.id,
    method: method.id,
    target,
    against,
    layer,
    options,
    ...coverProperty(cover),
    ...(notes.length === 0 ? {} : { notes: [...notes] }),
  } as const;
  return { kind: "send", message };
}
