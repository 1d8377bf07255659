/** Light, dark, or what the system says. */
import type { Settings } from "./settings.ts";

/** Sets or removes the explicit choice; without one the style sheet follows the system. */
export function applyTheme(theme: Settings["theme"]): void {
  const root = document.documentElement;
  if (theme === "system") delete root.dataset["theme"];
  else root.dataset["theme"] = theme;
}

/** Gives the other one of what shows now. */
export function otherTheme(theme: Settings["theme"]): "light" | "dark" {
  const systemIsLight = matchMedia("(prefers-color-scheme: light)").matches;
  const isLight = theme === "light" || (theme === "system" && systemIsLight);
  return isLight ? "dark" : "light";
}
