/** The memory that a network takes, worked out without computing with it. */
import { constantBytes, forwardFootprint } from "../../graph/footprint.ts";
import type { FormOutline } from "./forms.ts";

/** Kernels of the engine's own count: they are there wherever it runs fast. */
const OPTIONS = { native: true } as const;

/** Bytes of the weights of a form in all their shapes, and of what one picture takes beside them. */
export function memoryOf(
  { outline, executor: { graph } }: Pick<FormOutline, "outline" | "executor">,
): { readonly weights: number; readonly picture: number } {
  const { fixed, perInput } = forwardFootprint(outline, [graph.logits], OPTIONS);
  return { weights: constantBytes(graph, OPTIONS), picture: fixed + perInput };
}
