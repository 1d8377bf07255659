/** The link to what is seen now. */
import { coverProperty } from "../../shared/cover.ts";
import { writeAddress } from "../view/address.ts";
import { methodOf, optionsOf } from "../view/view_state.ts";
import type { Page } from "./page.ts";

/** The page's address with everything that is chosen. */
export function linkToView({ live, view, settings, present, drawer, compare, names }: Page): string {
  const { current, options } = view.state.value;
  const method = methodOf(current, live.welcome.value?.methods ?? []);
  const several = live.models.listed.value.length > 1;
  const query = writeAddress({
    ...(several && current.model !== undefined && { model: current.model }),
    method: current.method,
    target: current.target,
    ...(method?.looksAt === "any-layer" && current.layer !== undefined && { layer: current.layer }),
    options: optionsOf(options, current.method),
    ...coverProperty(current.cover),
    ...(drawer.value !== null && { view: drawer.value }),
    colormap: settings.value.colormap,
    opacity: settings.value.opacity,
    present: present.value,
    ...(compare.open.value && { panes: compare.set.value.panes.map(({ content }) => content) }),
  }, names.labels.value);
  return new URL(query, location.href).href;
}

/** Copies it; a notice says so, or shows the link where the browser does not let the page copy. */
export function copyLink(page: Page): void {
  const link = linkToView(page);
  navigator.clipboard?.writeText(link).then(
    () => page.toasts.say("The link to this view is copied."),
    () => page.toasts.say(`The browser does not let the page copy. The link is ${link}`),
  );
}
