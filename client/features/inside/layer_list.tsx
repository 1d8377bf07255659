import { ChannelGrid } from "./channel_grid.tsx";
import { LayerHead } from "./layer_head.tsx";
import type { InsideModel, InsideModelPorts } from "./model.ts";
import { StructureTree } from "./structure_tree.tsx";
import { TopChannels } from "./top_channels.tsx";
import type { NameOf } from "../../view/labels.ts";

/** Properties of the list. */
export interface LayerListProps extends Pick<InsideModelPorts, "view" | "welcome" | "enlarged"> {
  readonly model: InsideModel;
  readonly nameOf: NameOf;
  /** Chooses the target layer. */
  readonly setLayer: (layer: string) => void;
}

/** Every layer of the network, all channels of one of them, and what these add to the class. */
export function LayerList({ model, view, welcome, nameOf, setLayer, enlarged }: LayerListProps) {
  const status = model.status.value;
  return (
    <>
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
      <section aria-labelledby="inside-top">
        <h3 id="inside-top">Channels that count</h3>
        <TopChannels
          contributions={model.contributions.value}
          selected={enlarged.value?.channel ?? null}
          nameOf={nameOf}
          onToggle={(channel) => model.toggleChannel(channel)}
        />
      </section>
    </>
  );
}
