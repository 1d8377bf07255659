import { COLORMAP_NAMES, type ColormapName } from "../../../shared/colormaps.ts";
import type { Page } from "../../app/page.ts";
import { ActionButton } from "../../ui/action_button.tsx";
import { gradientOf } from "../../map/gradient.ts";
import { natureOfView } from "../../view/view_state.ts";

const NAMES: Readonly<Record<ColormapName, string>> = {
  viridis: "Viridis",
  cividis: "Cividis",
  turbo: "Turbo",
  diverging: "Blue–red",
};

/** Tools that stand in the header where there is room for them. */
const NARROW_WORDS = { "copy-link": "Copy a link", present: "Present", theme: "Light or dark" };

/** How the heatmap looks. */
export function DisplayPanel({ page }: { readonly page: Page }) {
  const settings = page.settings.value;
  const { signed } = natureOfView(page.session.view.value.current, page.session.welcome.value?.methods ?? []);
  return (
    <section class="card display" aria-labelledby="display-title">
      <h2 id="display-title" class="visually-hidden">Heatmap</h2>
      <div class="slider">
        <label for="opacity">Opacity</label>
        <input
          id="opacity"
          type="range"
          min="0"
          max="1"
          step="0.01"
          value={settings.opacity}
          onInput={(event) => page.setOpacity(event.currentTarget.valueAsNumber)}
        />
        <output for="opacity" class="number">{Math.round(settings.opacity * 100)} %</output>
      </div>
      <fieldset class="colormaps" disabled={signed}>
        <legend>Colours</legend>
        <div class="swatches">
          {COLORMAP_NAMES.map((name) => (
            <label key={name} class="swatch" title={NAMES[name]}>
              <input
                type="radio"
                name="colormap"
                value={name}
                checked={(signed ? "diverging" : settings.colormap) === name}
                onChange={() => page.change({ colormap: name })}
              />
              <span class="gradient" style={{ backgroundImage: gradientOf(name, false) }} />
              <span class="small">{NAMES[name]}</span>
            </label>
          ))}
        </div>
        {signed && (
          <p class="muted small">
            Blue speaks against the class, red speaks for it.
          </p>
        )}
      </fieldset>
      {page.source.kind.value.kind === "camera" && (
        <label class="check">
          <input
            type="checkbox"
            data-testid="mirror"
            checked={page.mirrored.value}
            onChange={(event) => page.setMirror(event.currentTarget.checked)}
          />
          Show the camera as a mirror
        </label>
      )}
      <div class="narrow-tools">
        {(["copy-link", "present", "theme"] as const).map((id) => (
          <ActionButton key={id} action={page.action(id)} class="button">{NARROW_WORDS[id]}</ActionButton>
        ))}
      </div>
    </section>
  );
}
