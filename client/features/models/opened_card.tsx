import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { ModelChange } from "../../../shared/model_wire.ts";
import { LabelsField } from "./labels_field.tsx";
import type { OpeningState } from "./opening_state.ts";
import { PresetsTable } from "./presets_table.tsx";
import { Understood } from "./understood.tsx";

/** Properties of the card. */
export interface OpenedCardProps {
  readonly state: Extract<OpeningState, { kind: "opened" }>;
  /** Whether it explains now: what is changed is seen at once. */
  readonly shown: boolean;
  readonly onUse: () => void;
  /** Asks for what it says of the sample photos. */
  readonly onTry: () => void;
  readonly onChange: (change: ModelChange) => void;
  readonly onClose: () => void;
}

/** What was understood of an opened model, and what people can put right. */
export function OpenedCard({ state, shown, onUse, onTry, onChange, onClose }: OpenedCardProps) {
  const { model, presets, saving: disabled, problem } = state;
  const card = useRef<HTMLDivElement>(null);
  // It stands below the list of all models, which may be long.
  useEffect(() => card.current?.scrollIntoView({ block: "start" }), []);
  return (
    <div class="model-card" data-testid="model-opened" ref={card}>
      <Understood model={model} />
      {shown && (
        <p class="muted" data-testid="model-shown">It explains now: what you change is seen at once.</p>
      )}
      <NameField
        key={model.name}
        name={model.name}
        disabled={disabled}
        onChange={(name) => onChange({ name })}
      />
      <LabelsField
        classes={model.classes}
        disabled={disabled}
        onLabels={(labels) => onChange({ labels: [...labels] })}
      />
      <PresetsTable
        rows={presets}
        chosen={model.normalisation}
        disabled={disabled}
        onTry={onTry}
        onChoose={(normalisation) => onChange({ normalisation })}
      />
      {problem !== null && <p class="warn" role="alert" data-testid="model-problem">{problem}</p>}
      <p class="muted small" role="status">{disabled ? "Saving; the model is loaded again…" : ""}</p>
      <div class="model-actions">
        <button
          type="button"
          class="button primary"
          disabled={disabled || shown}
          data-testid="use-model"
          onClick={onUse}
        >
          Use this model
        </button>
        <button type="button" class="button" onClick={onClose}>Done</button>
      </div>
    </div>
  );
}

function NameField({ name, disabled, onChange }: {
  readonly name: string;
  readonly disabled: boolean;
  readonly onChange: (name: string) => void;
}) {
  const text = useSignal(name);
  const changed = text.value.trim() !== "" && text.value.trim() !== name;
  return (
    <form
      class="model-field"
      onSubmit={(event) => {
        event.preventDefault();
        if (changed) onChange(text.value.trim());
      }}
    >
      <label>
        <span>Name</span>
        <input
          type="text"
          maxLength={120}
          value={text.value}
          disabled={disabled}
          data-testid="model-name"
          onInput={(event) => text.value = event.currentTarget.value}
        />
      </label>
      <button type="submit" class="button" disabled={disabled || !changed}>Rename</button>
    </form>
  );
}
