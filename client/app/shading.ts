/** How values become colours on the stage and in panes. */
import type { ReadonlySignal } from "@preact/signals";
import type { Shading } from "../map/shade.ts";
import type { SettingsStore } from "../view/settings_store.ts";

/** Share of the scale that present mode leaves out, so that the back row sees one clear spot. */
const PRESENT_FLOOR = 0.15;

/** Returns what every drawing asks. */
export function shadingOf(
  settings: SettingsStore,
  present: ReadonlySignal<boolean>,
): (signed: boolean) => Omit<Shading, "range" | "signed"> {
  return (signed) => ({
    colormap: signed ? "diverging" : settings.current.value.colormap,
    floor: present.value ? PRESENT_FLOOR : 0,
  });
}
