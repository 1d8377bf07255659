/** What of the picture a view or a pane hides from the network (rules U1 and U3). */
import { type Cover, coverExtent, effectiveCover, sameCover } from "../../shared/cover.ts";
import type { View } from "../../shared/protocol.ts";
import type { LoadedModel } from "../engine/port.ts";
import type { ResolvedView, SessionWorld } from "./state.ts";

/** Looks up what a view names in a model; throws GradcastError. */
export function lookUp(world: Pick<SessionWorld, "resolve">, view: View, model: LoadedModel): ResolvedView {
  const { notes, ...resolved } = world.resolve(view, model);
  const cover = effectiveCover(view.cover);
  return {
    ...resolved,
    cover,
    notes: hidesAll(cover)
      ? [...notes, "Everything is covered: the network sees nothing of the picture"]
      : notes,
  };
}

/** Whether a cover leaves nothing of the picture visible. */
export function hidesAll(cover: Cover | null): boolean {
  return coverExtent(cover) === "all";
}

/** Whether a pane's ranks are those of the view's list: it shows the same model the same picture. */
export function followsList(
  pane: Pick<ResolvedView, "model" | "cover">,
  view: Pick<ResolvedView, "model" | "cover">,
): boolean {
  return pane.model.id === view.model.id && sameCover(pane.cover, view.cover);
}
