/** What the page knows of what is seen now, for films, snapshots and their captions. */
import { aspectOf } from "../../shared/aspect.ts";
import type { ModelInfo } from "../../shared/protocol.ts";
import type { SidecarModel } from "../../shared/sidecar.ts";
import { inputOf } from "../live/served_models.ts";
import type { Seen } from "../stage/seen.ts";
import type { StageModel } from "../stage/stage_model.ts";
import { methodOf } from "../view/view_state.ts";
import type { StreamModels } from "./stream_models.ts";

/** Name of the method that explains now; its id before the server has named it. */
function methodName({ live, view }: Pick<StreamModels, "live" | "view">): string {
  const { current } = view.state.value;
  return methodOf(current, live.welcome.value?.methods ?? [])?.name ?? current.method;
}

/** A model as sidecars name it. */
export function sidecarModel({ id, name, sha256, taughtHead }: ModelInfo): SidecarModel {
  return {
    ...{ id, name },
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(taughtHead === undefined ? {} : { taughtHead }),
  };
}

/** What a film is called in which nothing was explained: the newest class and method. */
export function filmName(stream: Pick<StreamModels, "live" | "view" | "names">): string {
  const { rows: [top], unsure } = stream.live.board.state.value.ranking;
  const name = top === undefined ? "Clip" : unsure ? "Not sure" : stream.names.nameOf(top.index, top.label);
  return [name, methodName(stream)].join(", ");
}

/** The facts of this moment; `sentence`: what captions say of why, or null. */
export function seenNow(
  page: StreamModels & { readonly stage: StageModel },
  sentence: string | null = null,
): Seen {
  const { live, view, map, stage } = page;
  const { model, sharedNames = [] } = live.welcome.value ?? {};
  const { unit, nature: { signed } } = map.kind;
  return {
    view: view.state.value.current,
    methodName: methodName(page),
    modelName: model?.name ?? "",
    model: model === undefined ? null : sidecarModel(model),
    signed,
    unit,
    shading: map.overlay.shading,
    opacity: stage.mapOpacity.value,
    network: stage.network.value,
    mirrored: stage.mirrored.value,
    aspect: aspectOf(inputOf(live.welcome.value)),
    sentence,
    sharedNames,
  };
}
