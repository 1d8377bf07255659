/** The models of the server: which one explains, and how another one is opened. */
import type { Panel } from "../../ui/panel.ts";
import type { ModelsPorts } from "./model.ts";

export type { ModelsPorts } from "./model.ts";
export { modelActions } from "./actions.ts";
export { ModelPicker } from "./picker.tsx";

/** The panel "Models". */
export const MODELS_PANEL: Panel<ModelsPorts> = {
  id: "models",
  title: "Models",
  key: "v",
  load: () => import("./panel.tsx"),
};
