/** How large the part of a picture that is sent has to be for all panes that show it, or the middle of it. Pure. */
import type { Sides } from "../../../shared/aspect.ts";

/** Returns its width and height in pixels, at least as large as each pane's; 0 × 0 where none is in sight. */
export function sentSides(panes: readonly Sides[], aspect: number): Sides {
  const width = Math.max(0, ...panes.map((pane) => Math.max(pane.width, pane.height * aspect)));
  return { width: Math.ceil(width), height: Math.ceil(width / aspect) };
}
