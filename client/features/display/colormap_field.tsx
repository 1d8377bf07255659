import { COLORMAP_NAMES, type ColormapName } from "../../../shared/colormaps.ts";
import { colormapTitle } from "../../map/colormap_title.ts";
import { gradientOf } from "../../map/gradient.ts";

/** Properties of the field. */
export interface ColormapFieldProps {
  readonly value: ColormapName;
  /** A map with two signs has its own colours: nothing can be chosen. */
  readonly signed: boolean;
  readonly onChange: (colormap: ColormapName) => void;
}

/** The colours of the heatmap. */
export function ColormapField({ value, signed, onChange }: ColormapFieldProps) {
  return (
    <fieldset class="colormaps" disabled={signed}>
      <legend>Colours</legend>
      <div class="swatches">
        {COLORMAP_NAMES.map((name) => (
          <label key={name} class="swatch" title={colormapTitle(name)}>
            <input
              type="radio"
              name="colormap"
              value={name}
              checked={(signed ? "diverging" : value) === name}
              onChange={() => onChange(name)}
            />
            <span class="gradient" style={{ backgroundImage: gradientOf(name, false) }} />
            <span class="small">{colormapTitle(name)}</span>
          </label>
        ))}
      </div>
      {signed && <p class="muted small">Blue speaks against the class, red speaks for it.</p>}
    </fieldset>
  );
}
