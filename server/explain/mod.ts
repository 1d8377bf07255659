export * from "./ask.ts";
export * from "./document.ts";
export * from "./explanation.ts";
export * from "./lists.ts";
export { whySentence } from "./why_sentence.ts";
export * from "./explanation_plan.ts";
export { OPTION_NAMES } from "./_option_texts.ts";
