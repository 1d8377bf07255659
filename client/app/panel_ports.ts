/** What each panel gets of the page. */
import type { InsidePorts } from "../features/inside/mod.ts";
import type { LogPanelPorts } from "../features/log/mod.ts";
import type { TrustPorts } from "../features/trust/mod.ts";
import type { Page } from "./page.ts";

/** What "Look inside" gets. */
export function insidePorts(
  { source, surface, session: { view, welcome }, labels, enlarged, nameOf, setLayer }: Page,
): InsidePorts {
  return { source, surface, view, welcome, labels, enlarged, nameOf, setLayer };
}

/** What "Trust" gets. */
export function trustPorts(
  { source, surface, session: { view, welcome, board }, nameOf, blindView }: Page,
): TrustPorts {
  const onMeasured = (revision: number | null) => blindView.value = revision;
  return { source, surface, view, welcome, board: board.state, nameOf, onMeasured };
}

/** What the log gets. */
export function logPorts(
  { log, toasts, layers, session: { welcome }, nameOf, settings, source: { frozen } }: Page,
): LogPanelPorts {
  return { log, toasts, layers, welcome, nameOf, settings, frozen };
}
