/** Which line is which class, with its number at the moment that is looked at, or now. */
import { hue } from "../../../shared/class_colours.ts";
import { percent } from "../../ui/format.ts";
import { probabilityOf } from "./lines.ts";
import type { TimelineModel } from "./model.ts";

/** The classes with lines. */
export function Legend({ model }: { readonly model: TimelineModel }) {
  void model.drawn.value;
  const moment = model.looked.value?.moment ?? model.held.value ?? model.moments.at(-1);
  return (
    <ul class="timeline-legend" aria-label="Classes with lines">
      {model.classes.map(({ key, model: id, index, name, colour }) => {
        const isOf = moment?.result.model === id;
        const probability = moment !== undefined && isOf ? probabilityOf(moment, index) : undefined;
        return (
          <li key={key} style={hue(colour)}>
            <svg class="timeline-key" viewBox="0 0 20 4" aria-hidden="true" data-dash={colour % 4}>
              <line x1="0" y1="2" x2="20" y2="2" />
            </svg>
            <span class="name" dir="auto">{name}</span>
            <span class="number">{probability === undefined ? "–" : percent(probability)}</span>
          </li>
        );
      })}
    </ul>
  );
}
