/** Explains every frame of video files, into films. */
import type { Panel } from "../../ui/panel.ts";
import type { EveryFramePorts } from "./ports.ts";

export type { EveryFramePorts } from "./ports.ts";

/** The panel "Every frame". */
export const EVERY_FRAME_PANEL: Panel<EveryFramePorts> = {
  id: "every-frame",
  title: "Explain every frame",
  short: "Every frame",
  key: ".",
  load: () => import("./panel.tsx"),
};
