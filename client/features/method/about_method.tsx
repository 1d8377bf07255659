import { useSignal } from "@preact/signals";
import type { MethodInfo } from "../../../shared/protocol.ts";
import { FAMILY_WORDS } from "../../methods/families.ts";
import { Lazy } from "../../ui/lazy.tsx";

/** How a method works, from the idea to its definition, and its limits; its sketch is loaded when it is first opened. */
export function AboutMethod({ method }: { readonly method: MethodInfo }) {
  const { family } = method;
  const opened = useSignal(false);
  return (
    <details class="fold" data-testid="about-method" onToggle={() => opened.value = true}>
      <summary>How it works, and its limits</summary>
      <p>{FAMILY_WORDS[family].how}</p>
      {opened.value && (
        <Lazy
          load={async () => (await import("../../methods/family_sketch.tsx")).FamilySketch}
          props={{ family }}
          onFail={() => {}}
        />
      )}
      <p class="muted">
        <strong>Definition:</strong> {method.expert}
      </p>
      <p class="muted">
        <strong>Weak at:</strong> {method.weakness}
      </p>
    </details>
  );
}
