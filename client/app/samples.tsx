import { useSignal } from "@preact/signals";
import type { Page } from "./page.ts";
import { SAMPLES, sampleUrl } from "../picture/samples.ts";

/** The built-in photos to choose from. */
export function Samples({ page }: { readonly page: Page }) {
  const missing = useSignal<ReadonlySet<string>>(new Set());
  const { value } = page.source.kind;
  return (
    <div class="samples" role="group" aria-label="Sample photos">
      {SAMPLES.filter((sample) => !missing.value.has(sample.id)).map((sample) => (
        <button
          key={sample.id}
          type="button"
          class="sample"
          title={`Sample: ${sample.name}`}
          aria-pressed={value.kind === "sample" && value.id === sample.id}
          onClick={() => void page.source.openSample(sample.id)}
        >
          <img
            src={sampleUrl(sample.id)}
            alt={sample.alt}
            width="44"
            height="44"
            onError={() => missing.value = new Set([...missing.value, sample.id])}
          />
        </button>
      ))}
    </div>
  );
}
