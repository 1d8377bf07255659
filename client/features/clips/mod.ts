/** Clips: what was recorded, in this browser and on the server. */
import type { Panel } from "../../ui/panel.ts";
import type { ClipsPorts } from "./panel.tsx";

export { keepOnShelf } from "./keep_on_shelf.ts";
export type { ClipsPorts } from "./panel.tsx";

/** The panel "Clips". */
export const CLIPS_PANEL: Panel<ClipsPorts> = {
  id: "clips",
  title: "Clips",
  key: "b",
  load: () => import("./panel.tsx"),
};
