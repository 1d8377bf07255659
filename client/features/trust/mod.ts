/** Measures how far a map can be trusted. */
import type { Panel } from "../../ui/panel.ts";
import type { TrustPorts } from "./model.ts";

export type { TrustPorts } from "./model.ts";

/** The panel "Trust". */
export const TRUST_PANEL: Panel<TrustPorts> = {
  id: "trust",
  title: "Trust",
  key: "e",
  load: () => import("./panel.tsx"),
};
