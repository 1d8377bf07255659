import type { ColormapName } from "../../shared/colormaps.ts";
import { methodOf, natureOfView, unitOf } from "../view/view_state.ts";
import type { Page } from "../app/page.ts";
import { scaleEnds } from "../ui/format.ts";
import type { Enlarged } from "./enlarged.ts";
import { gradientOf } from "../map/gradient.ts";
import { DIMMED_WORDS } from "../../shared/unsure.ts";
import { statusWords } from "../map/map_status.ts";
import type { Scale } from "../map/scale.ts";

/** Under the stage: what the colours mean in numbers, and how the map stands. */
export function Caption({ page }: { readonly page: Page }) {
  if (page.enlarged.value !== null) return <EnlargedCaption page={page} enlarged={page.enlarged.value} />;
  const status = page.session.status.value;
  const target = page.session.board.state.value.target;
  const label = target === null ? "the class" : page.nameOf(target.index, target.label);
  return (
    <div class="caption">
      <Legend page={page} />
      <span class="state" data-kind={status.kind}>
        {statusWords(status, label, page.session.made.value)}
        {page.mapDimmed.value && <span data-testid="map-dimmed">, {DIMMED_WORDS}</span>}
      </span>
      {page.blindView.value === page.session.view.value.current.revision && (
        <span class="badge" title="Measured in the view Trust">does not depend on the class</span>
      )}
      {status.kind === "growing" && (
        <progress
          class="progress"
          max="1"
          value={status.progress}
          aria-label="Share of the map that is computed"
        />
      )}
    </div>
  );
}

function Legend({ page }: { readonly page: Page }) {
  if (page.session.inColours.value) return <div class="legend muted">A picture in its own colours</div>;
  const { current } = page.session.view.value;
  const methods = page.session.welcome.value?.methods ?? [];
  const { signed } = natureOfView(current, methods);
  const unit = unitOf(current, methods);
  const meaning = methodOf(current, methods)?.values.meaning ?? "What the colours mean";
  const { colormap } = page.settings.value;
  const scale = page.session.scale.value;
  return <Colours {...{ signed, colormap, scale, unit }} title={`${meaning}, in ${unit}`} />;
}

/** In place of the map's caption while a channel lies over the picture. */
function EnlargedCaption({ page, enlarged }: { readonly page: Page; readonly enlarged: Enlarged }) {
  const { map, channel, layer } = enlarged;
  return (
    <div class="caption" data-testid="enlarged-caption">
      <Colours
        signed={map?.signed ?? false}
        colormap={page.settings.value.colormap}
        scale={map?.scale ?? null}
        unit="activation"
        title="What the colours mean: the channel's values as the network has them"
      />
      <span class="state">
        Channel {channel} of {layer}
        <button type="button" class="link-button" onClick={() => page.enlarged.value = null}>
          Back to the heatmap
        </button>
      </span>
    </div>
  );
}

interface ColoursProps {
  readonly signed: boolean;
  readonly colormap: ColormapName;
  readonly scale: Scale | null;
  readonly unit: string;
  readonly title: string;
}

function Colours({ signed, colormap, scale, unit, title }: ColoursProps) {
  const name = signed ? "diverging" : colormap;
  const [low, high] = scale === null ? ["–", "–"] : scaleEnds(scale, signed);
  return (
    <div class="legend" title={title}>
      <span class="number">{low}</span>
      <span class="gradient" style={{ backgroundImage: gradientOf(name, !signed && name === "diverging") }} />
      <span class="number">{high}</span>
      <span class="muted">{unit}</span>
      {scale?.moving === true && <span class="muted small">scale is adapting</span>}
    </div>
  );
}
