/** Describes a film before it is begun, as the main view is now. */
import { aspectOf } from "../../../shared/aspect.ts";
import { natureOf } from "../../../shared/map_values.ts";
import type { Job } from "./job.ts";
import type { EveryFramePorts } from "./ports.ts";

/** Makes the job of a file. */
export function jobOf(
  file: File,
  { mainView, targetName, look, choices }: Pick<
    EveryFramePorts,
    "mainView" | "targetName" | "look" | "choices"
  >,
): Job {
  const { seen, input, method } = mainView();
  const { view, methodName, modelName, model, signed, unit, network, sharedNames } = seen;
  const { colormap, opacity } = look();
  const nature = method === null ? null : natureOf(method, view.options);
  return {
    gradcast: 1,
    id: crypto.randomUUID(),
    created: new Date().toISOString(),
    file: { name: file.name, size: file.size, lastModified: file.lastModified },
    view: { ...view, revision: 1 },
    ...{ methodName, modelName, model, signed, unit, network, colormap, opacity },
    grows: method?.sampling !== null,
    zero: nature?.zero ?? "nothing",
    range: nature?.range ?? null,
    aspect: aspectOf(input),
    sharedNames: [...sharedNames],
    input: { width: input.width, height: input.height },
    targetName: targetName(),
    choices: { ...choices.value },
  };
}
