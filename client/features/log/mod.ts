/** Writes down what is seen, and shows what was written. */
import type { Panel } from "../../ui/panel.ts";
import type { LogPanelPorts } from "./panel.tsx";

export type { LogPanelPorts } from "./panel.tsx";
export { createLog, type Log, type LogPorts } from "./model.ts";

/** The panel "Log". */
export const LOG_PANEL: Panel<LogPanelPorts> = {
  id: "log",
  title: "Log",
  key: "d",
  load: () => import("./panel.tsx"),
};
