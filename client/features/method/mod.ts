/** Which method explains, and how. */
export { MethodPanel } from "./method_panel.tsx";
