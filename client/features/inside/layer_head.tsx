import type { ReadonlySignal } from "@preact/signals";
import type { Welcome } from "../../../shared/protocol.ts";
import type { ViewState } from "../../view/view_state.ts";
import type { InsideModel } from "./model.ts";

/** Properties of the head. */
export interface LayerHeadProps {
  readonly model: Pick<InsideModel, "layer" | "network">;
  readonly view: ReadonlySignal<ViewState>;
  readonly welcome: ReadonlySignal<Welcome | null>;
  /** Makes a layer the target layer. */
  readonly onTarget: (layer: string) => void;
}

/** Which layer is looked at, and a button to explain with it. */
export function LayerHead({ model, view, welcome, onTarget }: LayerHeadProps) {
  const name = model.layer.value;
  const layer = model.network.value?.layers.find((one) => one.name === name);
  const { current } = view.value;
  const method = welcome.value?.methods.find(({ id }) => id === current.method);
  const canTarget = method?.looksAt === "any-layer";
  const isTarget = canTarget && current.layer === name;
  return (
    <div class="layer-head">
      <h3 id="inside-layer" data-testid="inside-layer">{name}</h3>
      <span class="muted small">{layer === undefined ? "" : `${layer.kind} · ${layer.shape.join("×")}`}</span>
      <button
        type="button"
        class="button"
        disabled={!canTarget || isTarget}
        title={canTarget ? undefined : `${method?.name ?? "This method"} has no target layer to choose`}
        data-testid="set-target"
        onClick={() => name !== null && onTarget(name)}
      >
        {isTarget ? "Current target layer" : "Set as target layer"}
      </button>
    </div>
  );
}
