/** Colour maps by the names that people read. */
import type { ColormapName } from "../../shared/colormaps.ts";

const TITLES: Readonly<Record<ColormapName, string>> = {
  viridis: "Viridis",
  cividis: "Cividis",
  turbo: "Turbo",
  diverging: "Blue–red",
};

/** Names a colour map for people. */
export function colormapTitle(name: ColormapName): string {
  return TITLES[name];
}
