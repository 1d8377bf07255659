/** Tables: read from CSV, made into rows of features, fitted and explained by heads. */
export { describeTable } from "./describe.ts";
export { documentOf } from "./document.ts";
export {
  explainTableRow,
  explainValues,
  type FitParts,
  fitTable,
  type FittedTable,
  importanceOf,
} from "./fit_table.ts";
export { predictionLines, predictionsInTurns } from "./predictions.ts";
export { type Preparation, prepare, type Prepared, prepareInTurns } from "./prepare.ts";
export { readTableBeside } from "./read_beside.ts";
export { readTable } from "./read_table.ts";
export { refused, tooLarge } from "./refused.ts";
export { readSample, sampleOf, SAMPLES } from "./samples.ts";
export { cellText, type Table } from "./table.ts";
export { type KeptTable, KeptTables, replaced } from "./kept_tables.ts";
