/** Panes: further maps of the same frames, each looked up by itself (rules P). */
import { GradcastError } from "../../shared/errors.ts";
import type { Pane } from "../../shared/protocol.ts";
import { errorMessage, orRefusal } from "./_refuse.ts";
import type { Effect, LiveState, PaneRequest, Reaction, SessionWorld } from "./state.ts";

/** Takes the panes that count from now on; one that cannot be had is refused, and the others continue. */
export function changePanes(world: SessionWorld, state: LiveState, asked: readonly Pane[]): Reaction {
  const effects: Effect[] = [];
  const panes: PaneRequest[] = [];
  const fresh: PaneRequest[] = [];
  for (const pane of asked) {
    const known = state.panes.find((one) => one.pane === pane.id && one.revision === pane.revision);
    const request = known ?? orRefusal(() => lookUp(world, pane));
    if (request instanceof GradcastError) {
      effects.push(errorMessage(request.code, request.message, { pane: pane.id, revision: pane.revision }));
      continue;
    }
    panes.push(request);
    if (known !== undefined) continue;
    fresh.push(request);
    effects.push(accepted(request));
  }
  const gone = state.panes.map(({ pane }) => pane).filter((id) => panes.every(({ pane }) => pane !== id));
  if (gone.length > 0) effects.push({ kind: "retire", panes: gone });
  if (fresh.length > 0 && state.current !== null) {
    effects.push({ kind: "explain", work: state.current, requests: fresh });
  }
  return { state: { ...state, panes }, effects };
}

function lookUp(world: SessionWorld, { id, against, ...view }: Pane): PaneRequest {
  const request = world.resolve(view);
  if (against === undefined) return { ...request, pane: id, against: null };
  // The difference of two maps has two signs, and a method that can keep both must do so.
  const options = request.method.options.some(({ name }) => name === "signed")
    ? { ...request.options, signed: true }
    : request.options;
  return { ...request, options, pane: id, against: world.resolve({ ...view, target: against }).target };
}

function accepted({ pane, revision, method, target, against, layer, options }: PaneRequest): Effect {
  const message = {
    type: "pane",
    id: pane,
    revision,
    method: method.id,
    target,
    against,
    layer,
    options,
  } as const;
  return { kind: "send", message };
}
