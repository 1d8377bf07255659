import type { Signal } from "@preact/signals";
import { type Action, action } from "../../ui/action.ts";

/** What begins and ends present mode. */
export function presentActions(present: Signal<boolean>): readonly Action[] {
  return [
    action("present", "p", "Present: only picture and label", () => {
      present.value = !present.value;
    }),
  ];
}
