/** Present mode: the picture and a few words, large enough for the back row. */
export { presentActions } from "./actions.ts";
export { partsOffered, partsWith } from "./parts.ts";
export { PresentBar } from "./present_bar.tsx";
