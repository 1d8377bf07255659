import { type Action, action } from "../../ui/action.ts";
import type { Compare } from "./model.ts";

/** What can be done with the comparison; `isLive` reads a signal. */
export function compareActions(compare: Pick<Compare, "toggle">, isLive: () => boolean): readonly Action[] {
  const name = "Compare maps side by side";
  return [{ ...action("compare", "g", name, () => compare.toggle(), isLive), label: () => "Compare" }];
}
