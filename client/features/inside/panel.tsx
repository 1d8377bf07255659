/** The panel "Look inside": the network's layers, their channels on the picture of now, and what the channels add. */
import { useEffect, useMemo } from "preact/hooks";
import { FeatureCard } from "./feature_card.tsx";
import { LayerList } from "./layer_list.tsx";
import { LikedCrops } from "./liked_crops.tsx";
import { InsideModel, type InsideModelPorts } from "./model.ts";
import { NetworkModel } from "./network_model.ts";
import { NetworkSection } from "./network_section.tsx";
import type { NameOf } from "../../view/labels.ts";

/** What the panel needs. */
export interface InsidePorts extends InsideModelPorts {
  readonly nameOf: NameOf;
  /** Chooses the target layer. */
  readonly setLayer: (layer: string) => void;
}

/** The panel's content. */
export function Panel(ports: InsidePorts) {
  const { enlarged, welcome, view, nameOf, setLayer } = ports;
  const model = useMemo(() => new InsideModel(ports), [enlarged]);
  const drawn = useMemo(() => new NetworkModel(ports), [enlarged]);
  useEffect(() => () => {
    drawn.dispose();
    model.dispose();
  }, [model, drawn]);
  const status = model.status.value;
  if (model.network.value === null) {
    return (
      <p class="muted" role="status">
        {status.kind === "problem" ? status.words : "Loading the network's layers…"}
      </p>
    );
  }
  const isListed = model.isListed.value;
  const shown = enlarged.value;
  const backToHeatmap = () => enlarged.value = null;
  return (
    <div
      class="inside"
      onKeyDown={(event) => {
        // The first Escape shows the heatmap again, the next one closes the panel.
        if (event.key !== "Escape" || enlarged.value === null) return;
        event.stopPropagation();
        backToHeatmap();
      }}
    >
      <NetworkSection model={drawn} nameOf={nameOf} />
      <section aria-labelledby="inside-feature">
        <h3 id="inside-feature">What a channel likes</h3>
        {shown !== null && <LikedCrops moments={drawn.moments.value} enlarged={shown} />}
        <FeatureCard
          model={model.request}
          enlarged={shown}
          feature={model.feature}
          onClose={backToHeatmap}
        />
      </section>
      <button
        type="button"
        class="button network-more"
        aria-expanded={isListed}
        data-testid="inside-list"
        onClick={() => {
          model.isListed.value = !isListed;
          // Nobody asks about the channels of other layers any longer.
          if (isListed && !drawn.draws(enlarged.value?.layer)) backToHeatmap();
        }}
      >
        {isListed ? "Hide the list of layers" : "All layers and channels"}
      </button>
      {isListed && <LayerList {...{ model, view, welcome, nameOf, setLayer, enlarged }} />}
    </div>
  );
}
