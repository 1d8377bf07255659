import type { ColormapName } from "../../shared/colormaps.ts";
import type { ComponentChildren } from "preact";
import { DIMMED_WORDS } from "../../shared/unsure.ts";
import type { MapStatus } from "../map/map_status.ts";
import { Legend, type LegendFacts } from "./legend.tsx";
import type { Enlarged } from "./enlarged.ts";

/** Properties of the caption. */
export interface CaptionProps {
  /** Null: the map is a picture in its own colours. */
  readonly legend: LegendFacts | null;
  readonly status: MapStatus;
  /** The status in words. */
  readonly words: string;
  /** Whether the map is dimmed, as the network is not sure. */
  readonly dimmed: boolean;
  /** Whether the map was measured to be the same for another class. */
  readonly blind: boolean;
  /** How far the map holds, as it is measured all the time. */
  readonly meter: ComponentChildren;
}

/** Under the stage: what the colours mean in numbers, and how the map stands. */
export function Caption({ legend, status, words, dimmed, blind, meter }: CaptionProps) {
  return (
    <div class="caption">
      {legend === null
        ? <div class="legend muted">A picture in its own colours</div>
        : <Legend {...legend} />}
      <span class="state" data-kind={status.kind}>
        {words}
        {dimmed && <span data-testid="map-dimmed">, {DIMMED_WORDS}</span>}
      </span>
      {meter}
      {blind && <span class="badge" title="Measured in the view Trust">does not depend on the class</span>}
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

/** Properties of the caption of an enlarged channel. */
export interface EnlargedCaptionProps {
  readonly enlarged: Enlarged;
  readonly colormap: ColormapName;
  readonly onClose: () => void;
}

/** In place of the map's caption while a channel lies over the picture. */
export function EnlargedCaption({ enlarged, colormap, onClose }: EnlargedCaptionProps) {
  const { map, channel, layer } = enlarged;
  return (
    <div class="caption" data-testid="enlarged-caption">
      <Legend
        signed={map?.signed ?? false}
        colormap={colormap}
        scale={map?.scale ?? null}
        unit="activation"
        title="What the colours mean: the channel's values as the network has them"
      />
      <span class="state">
        Channel {channel} of {layer}
        <button type="button" class="link-button" onClick={onClose}>Back to the heatmap</button>
      </span>
    </div>
  );
}
