/** The models of the server: which one explains, and how another one is opened. */
export { modelActions } from "./actions.ts";
export { ModelPicker } from "./picker.tsx";
