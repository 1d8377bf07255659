import type { StageState } from "../../shared/remote.ts";

/** How a presenter's stage looks at first (PROTOCOL.md, W5), for tests that need one. */
export const STAGE: StageState = {
  colormap: "viridis",
  opacity: 0.5,
  mapHidden: false,
  frozen: false,
  recording: false,
  presenting: false,
  mirrored: false,
};
