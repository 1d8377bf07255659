/** Drawings of heads: plain data in, plots with tables of the same numbers out. Loaded when something is drawn. */
export { type BarRow, sortedBars } from "./bar_rows.ts";
export { Bars, type BarSide, type BarsProps } from "./bars.tsx";
export { hue } from "../../shared/class_colours.ts";
export { ClassLegend, ClassMark } from "./class_legend.tsx";
export { Confusion, type ConfusionProps } from "./confusion.tsx";
export { againstThreshold, columnValue, count, share, signed, unsigned } from "./numbers.ts";
export { PathList, type PathListProps } from "./path_list.tsx";
export { TreePlot, type TreePlotProps } from "./tree_plot.tsx";
export {
  type Ask,
  askNames,
  PICTURES,
  type Question,
  ROWS,
  type TreeNames,
  type Unit,
} from "./tree_words.ts";
export { Votes, type VotesProps } from "./votes.tsx";
