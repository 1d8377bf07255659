/** Which models a session needs, so that they are loaded and stay so (X3). */
import type { Effect, LiveState, Reaction, SessionWorld } from "./state.ts";

/** Id of the model that a view or pane names. */
export function modelIdOf(
  world: Pick<SessionWorld, "first">,
  { model }: { readonly model?: string | undefined },
): string {
  return model ?? world.first.model.id;
}

/** Reports what a session needs from now on, where that has changed; models that it needs no more are forgotten. */
export function withUse(world: SessionWorld, reaction: Reaction): Reaction {
  const { state, effects } = reaction;
  if (state.phase !== "live") return reaction;
  const needed = neededBy(world, state);
  if (needed.length === state.using.length && needed.every((id) => state.using.includes(id))) return reaction;
  const use: Effect = { kind: "use", models: needed };
  const models = new Map([...state.models].filter(([id]) => needed.includes(id)));
  return { state: { ...state, using: needed, models }, effects: [...effects, use] };
}

function neededBy(
  world: SessionWorld,
  { request, standsIn, panes, awaited }: LiveState,
): readonly string[] {
  const asked = [...(awaited.view === null ? [] : [awaited.view]), ...awaited.panes];
  return [
    ...new Set([
      // What stands in is shown where its model is there anyway: it must not take the place of the one that is wanted.
      ...(standsIn && awaited.view !== null ? [] : [request.model.id]),
      ...panes.map(({ model }) => model.id),
      ...asked.map((one) => modelIdOf(world, one)),
    ]),
  ];
}
