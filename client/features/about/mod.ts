/** Says what the model is made of and where it comes from. */
import type { Panel } from "../../ui/panel.ts";
import type { AboutPorts } from "./panel.tsx";

/** The panel "About this model". */
export const ABOUT_PANEL: Panel<AboutPorts> = {
  id: "about",
  title: "About this model",
  short: "About",
  key: "n",
  load: () => import("./panel.tsx"),
};
