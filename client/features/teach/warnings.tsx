import { TriangleAlert } from "lucide-preact";
import type { TaughtState } from "../../../shared/teach_wire.ts";
import type { TeachModel } from "./model.ts";
import { remedy } from "./words.ts";

/** What may be wrong with the pictures, each with what to do about it. */
export function Warnings({ model, warnings }: {
  readonly model: TeachModel;
  readonly warnings: TaughtState["warnings"];
}) {
  if (warnings.length === 0) return null;
  return (
    <ul class="warnings" data-testid="warnings">
      {warnings.map(({ kind, words, pictures }) => (
        <li key={`${kind} ${words}`}>
          <TriangleAlert aria-hidden="true" />
          <div>
            <p>{words}</p>
            <p class="muted small">
              {remedy(kind)}
              {pictures.length > 0 && (
                <button
                  type="button"
                  class="link-button"
                  onClick={() => model.review({ kind: "warning", words, pictures })}
                >
                  See the pictures
                </button>
              )}
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}
