/** The view "Look inside": the network's layers, their channels on the picture of now, and what the channels add. */
import { useEffect, useMemo } from "preact/hooks";
import type { Page } from "../../app/page.ts";
import { ChannelGrid } from "./channel_grid.tsx";
import { FeatureCard } from "./feature_card.tsx";
import { createInside, type InsideModel } from "./model.ts";
import { StructureTree } from "./structure_tree.tsx";
import { TopChannels } from "./top_channels.tsx";

/** The drawer's content. */
export function Drawer({ page }: { readonly page: Page }) {
  const model = useMemo(() => createInside(page), [page]);
  useEffect(() => () => model.dispose(), [model]);
  const status = model.status.value;
  if (model.network.value === null) {
    return (
      <p class="muted" role="status">
        {status.kind === "problem" ? status.words : "Loading the network's layers…"}
      </p>
    );
  }
  return (
    <div
      class="inside"
      onKeyDown={(event) => {
        // The first Escape goes back to the heatmap, the next one closes the view.
        if (event.key !== "Escape" || page.enlarged.value === null) return;
        event.stopPropagation();
        page.enlarged.value = null;
      }}
    >
      <section aria-labelledby="inside-structure">
        <h3 id="inside-structure">Network</h3>
        <StructureTree model={model} />
      </section>
      <section aria-labelledby="inside-layer">
        <LayerHead page={page} model={model} />
        {status.kind === "problem" && <p role="alert" class="small">{status.words}</p>}
        <ChannelGrid page={page} model={model} />
        <p class="muted small">
          Each channel is scaled by itself: its mean is the middle colour. Enlarge one to see its values.
        </p>
      </section>
      <section aria-labelledby="inside-feature">
        <h3 id="inside-feature">What a channel likes</h3>
        <FeatureCard page={page} model={model} />
      </section>
      <section aria-labelledby="inside-top">
        <h3 id="inside-top">Channels that count</h3>
        <TopChannels page={page} model={model} />
      </section>
    </div>
  );
}

/** Which layer is looked at, and a way to explain with it. */
function LayerHead({ page, model }: { readonly page: Page; readonly model: InsideModel }) {
  const name = model.layer.value;
  const layer = model.network.value?.layers.find((one) => one.name === name);
  const { current } = page.session.view.value;
  const method = page.session.welcome.value?.methods.find(({ id }) => id === current.method);
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
        onClick={() => name !== null && page.setLayer(name)}
      >
        {isTarget ? "Is the target layer" : "Set as target layer"}
      </button>
    </div>
  );
}
