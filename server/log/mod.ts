export { LogBudget } from "./budget.ts";
export { DecisionLogWriter } from "./decision_log_writer.ts";
export { HELD_FRAMES } from "../../shared/spans.ts";
