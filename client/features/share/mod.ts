/** Shares the page: others follow on their own devices, and a phone steers it. */
import type { Panel } from "../../ui/panel.ts";
import type { SharePanelPorts } from "./panel.tsx";

export { LazyCodeCard } from "./lazy_code_card.tsx";
export { createShare, type Share, type SharePorts } from "./model.ts";

/** The panel "Share"; links and remotes know it as "watch". */
export const SHARE_PANEL: Panel<SharePanelPorts> = {
  id: "watch",
  title: "Share",
  key: "w",
  load: () => import("./panel.tsx"),
};
