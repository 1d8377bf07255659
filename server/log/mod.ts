export { LogBudget } from "./budget.ts";
export { Diary } from "./diary.ts";
export { HELD_FRAMES } from "./spans.ts";
