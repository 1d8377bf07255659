/** Covers parts of the picture, so that anybody can see what the answer depends on. */
import type { Panel } from "../../ui/panel.ts";
import type { CoverPorts } from "./model.ts";

export type { CoverPorts } from "./model.ts";

/** The panel "Cover a part". */
export const COVER_PANEL: Panel<CoverPorts> = {
  id: "cover",
  title: "Cover a part",
  short: "Cover",
  key: "-",
  load: () => import("./panel.tsx"),
};
