import type { OpenedModel } from "../../../shared/model_wire.ts";
import { Fact, Facts } from "../../ui/facts.tsx";
import { factsOf } from "./understood_words.ts";

/** What was understood of an opened model: all that `explain --describe` says of it. */
export function Understood({ model }: { readonly model: OpenedModel }) {
  return (
    <>
      <p>
        <strong>{model.name}</strong> can be used: everything in it is covered.
      </p>
      <Facts>
        {factsOf(model).map(({ name, words, more, testid }) => (
          <Fact key={name} name={name}>
            <span {...(testid !== undefined && { "data-testid": testid })}>{words}</span>
            {more !== undefined && (
              <>
                {" "}
                <span class="muted" data-testid={`${testid ?? name}-from`}>({more})</span>
              </>
            )}
          </Fact>
        ))}
      </Facts>
      {model.notes.length > 0 && (
        <ul class="model-notes" data-testid="model-notes">
          {model.notes.map((note) => <li key={note}>{note}</li>)}
        </ul>
      )}
    </>
  );
}
