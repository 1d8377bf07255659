import type { MethodInfo } from "../../../shared/protocol.ts";

/** How a method works, and its limits. */
export function AboutMethod({ method }: { readonly method: MethodInfo }) {
  return (
    <details class="fold">
      <summary>How it works, and its limits</summary>
      <p class="muted">{method.expert}</p>
      <p class="muted">
        <strong>Weak at:</strong> {method.weakness}
      </p>
    </details>
  );
}
