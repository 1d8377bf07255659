/** Compares maps side by side. */
export { compareActions } from "./actions.ts";
export { CompareBar } from "./compare_bar.tsx";
export { CompareGrid } from "./compare_grid.tsx";
export { Compare, type ComparePorts } from "./model.ts";
