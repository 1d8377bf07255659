import { type Action, action } from "../../ui/action.ts";
import type { Tour } from "./tour.ts";

/** What begins and ends the tour. */
export function tourActions(tour: Tour): readonly Action[] {
  return [
    {
      ...action("tour", ",", "A tour of a minute", () => {
        if (tour.running.peek() === null) tour.start();
        else tour.leave();
      }),
      label: () => tour.running.value === null ? "Start the tour" : "End the tour",
    },
  ];
}
