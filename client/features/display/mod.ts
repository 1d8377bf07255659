/** How the heatmap looks. */
export { DisplayPanel } from "./display_panel.tsx";
