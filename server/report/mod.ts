export * from "./card.ts";
export * from "./npy.ts";
export * from "./overlay.ts";
export * from "./page.ts";
export * from "./png.ts";
export * from "./scale.ts";
export * from "./trust_words.ts";
export * from "./words.ts";
