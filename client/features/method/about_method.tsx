import type { MethodInfo } from "../../../shared/protocol.ts";
import { FAMILY_WORDS } from "./families.ts";
import { FamilySketch } from "./family_sketch.tsx";

/** How a method works, from the idea to its definition, and its limits. */
export function AboutMethod({ method }: { readonly method: MethodInfo }) {
  return (
    <details class="fold" data-testid="about-method">
      <summary>How it works, and its limits</summary>
      <p>{FAMILY_WORDS[method.family].how}</p>
      <FamilySketch family={method.family} />
      <p class="muted">
        <strong>Definition:</strong> {method.expert}
      </p>
      <p class="muted">
        <strong>Weak at:</strong> {method.weakness}
      </p>
    </details>
  );
}
