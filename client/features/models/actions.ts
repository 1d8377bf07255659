import type { ReadonlySignal } from "@preact/signals";
import type { ListedModel } from "../../../shared/protocol.ts";
import { type Action, action } from "../../ui/action.ts";
import { nextModel } from "./model_words.ts";

/** What the actions need; signals are read. */
export interface ModelActionPorts {
  readonly listed: ReadonlySignal<readonly ListedModel[]>;
  /** Id of the model that is shown or waited for. */
  readonly chosen: () => string | undefined;
  readonly setModel: (id: string) => void;
}

/** What can be done with models by a key. */
export function modelActions({ listed, chosen, setModel }: ModelActionPorts): readonly Action[] {
  const next = () => nextModel(listed.value, chosen());
  return [
    action("next-model", "j", "Next model", () => {
      const id = next();
      if (id !== null) setModel(id);
    }, () => next() !== null),
  ];
}
