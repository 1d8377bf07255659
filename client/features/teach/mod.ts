/** Teaches the network own classes: pictures are collected, learned by the server, and explained live. */
import type { Panel } from "../../ui/panel.ts";
import type { TeachPorts } from "./ports.ts";

export type { TeachPorts } from "./ports.ts";

/** The panel "Teach". */
export const TEACH_PANEL: Panel<TeachPorts> = {
  id: "teach",
  title: "Teach",
  key: "q",
  load: () => import("./panel.tsx"),
};
