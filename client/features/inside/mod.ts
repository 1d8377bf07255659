/** Looks inside the network: its layers, their channels on the picture of now, and what the channels add. */
import type { Panel } from "../../ui/panel.ts";
import type { InsidePorts } from "./panel.tsx";

export type { InsidePorts } from "./panel.tsx";

/** The panel "Look inside". */
export const INSIDE_PANEL: Panel<InsidePorts> = {
  id: "inside",
  title: "Look inside",
  key: "i",
  load: () => import("./panel.tsx"),
};
