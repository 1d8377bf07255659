/** The panel "Look inside": the network's layers, their channels on the picture of now, and what the channels add. */
import { useEffect, useMemo } from "preact/hooks";
import { ChannelGrid } from "./channel_grid.tsx";
import { FeatureCard } from "./feature_card.tsx";
import { LayerHead } from "./layer_head.tsx";
import { InsideModel, type InsideModelPorts } from "./model.ts";
import { StructureTree } from "./structure_tree.tsx";
import { TopChannels } from "./top_channels.tsx";
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
  useEffect(() => () => model.dispose(), [model]);
  const status = model.status.value;
  if (model.network.value === null) {
    return (
      <p class="muted" role="status">
        {status.kind === "problem" ? status.words : "Loading the network's layers…"}
      </p>
    );
  }
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
      <section aria-labelledby="inside-structure">
        <h3 id="inside-structure">Network</h3>
        <StructureTree
          stages={model.stages.value}
          layer={model.layer.value}
          onChoose={(layer) => model.chooseLayer(layer)}
        />
      </section>
      <section aria-labelledby="inside-layer">
        <LayerHead model={model} view={view} welcome={welcome} onTarget={setLayer} />
        {status.kind === "problem" && <p role="alert" class="small">{status.words}</p>}
        <ChannelGrid model={model} />
        <p class="muted small">
          Each channel is scaled by itself: its mean is the middle colour. Enlarge one to see its values.
        </p>
      </section>
      <section aria-labelledby="inside-feature">
        <h3 id="inside-feature">What a channel likes</h3>
        <FeatureCard
          model={model.request}
          enlarged={enlarged.value}
          feature={model.feature}
          onClose={backToHeatmap}
        />
      </section>
      <section aria-labelledby="inside-top">
        <h3 id="inside-top">Channels that count</h3>
        <TopChannels
          contributions={model.contributions.value}
          selected={enlarged.value?.channel ?? null}
          nameOf={nameOf}
          onToggle={(channel) => model.toggleChannel(channel)}
        />
      </section>
    </div>
  );
}
