/** Which models have gradients of their classes. */
import { GradcastError } from "../../shared/errors.ts";
import type { LoadedModel } from "../engine/port.ts";

/**
 * Refuses a model whose classes have no gradient.
 *
 * @throws GradcastError `unknown-method`
 */
export function checkGradients(
  methodId: string,
  { id, withoutGradients }: Pick<LoadedModel, "id" | "withoutGradients">,
): void {
  if (withoutGradients !== true) return;
  throw new GradcastError(
    "unknown-method",
    `Cannot explain with ${methodId}: it takes the gradient of a class, got the model '${id}', whose head has none: ` +
      "a tree, a forest or nearest neighbours. Choose a method that looks from outside, as occlusion does",
  );
}
