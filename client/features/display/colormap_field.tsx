import { COLORMAP_NAMES, type ColormapName } from "../../../shared/colormaps.ts";
import { gradientOf } from "../../map/gradient.ts";

const NAMES: Readonly<Record<ColormapName, string>> = {
  viridis: "Viridis",
  cividis: "Cividis",
  turbo: "Turbo",
  diverging: "Blue–red",
};

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
          <label key={name} class="swatch" title={NAMES[name]}>
            <input
              type="radio"
              name="colormap"
              value={name}
              checked={(signed ? "diverging" : value) === name}
              onChange={() => onChange(name)}
            />
            <span class="gradient" style={{ backgroundImage: gradientOf(name, false) }} />
            <span class="small">{NAMES[name]}</span>
          </label>
        ))}
      </div>
      {signed && <p class="muted small">Blue speaks against the class, red speaks for it.</p>}
    </fieldset>
  );
}
