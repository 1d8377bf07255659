import { useId } from "preact/hooks";
import type { OptionSpec, OptionValue } from "../../../shared/protocol.ts";
import { optionLabel } from "./option_label.ts";

/** Properties of an option's control. */
export interface OptionFieldProps {
  readonly option: OptionSpec;
  readonly value: OptionValue;
  readonly onChange: (value: OptionValue) => void;
}

/** One option of a method, drawn from what the server says about it. */
export function OptionField({ option, value, onChange }: OptionFieldProps) {
  const id = useId();
  return (
    <div class="option">
      <label for={id}>{optionLabel(option.name)}</label>
      <OptionControl id={id} option={option} value={value} onChange={onChange} />
      <p class="muted small" id={`${id}-help`}>{option.help}</p>
    </div>
  );
}

function OptionControl({ id, option, value, onChange }: OptionFieldProps & { readonly id: string }) {
  switch (option.kind) {
    case "integer":
      return (
        <span class="with-unit">
          <input
            id={id}
            type="number"
            min={option.min}
            max={option.max}
            step={1}
            value={Number(value)}
            aria-describedby={`${id}-help`}
            onChange={(event) => {
              const { valueAsNumber } = event.currentTarget;
              // An empty or half-typed field says nothing yet; out of range is the server's to explain.
              if (Number.isInteger(valueAsNumber)) onChange(valueAsNumber);
            }}
          />
          <span class="muted">{option.unit}</span>
        </span>
      );
    case "choice":
      return (
        <span class="select">
          <select
            id={id}
            value={String(value)}
            aria-describedby={`${id}-help`}
            onChange={(event) => onChange(event.currentTarget.value)}
          >
            {option.choices.map((choice) => <option key={choice} value={choice}>{choice}</option>)}
          </select>
        </span>
      );
    case "flag":
      return (
        <input
          id={id}
          type="checkbox"
          checked={value === true}
          aria-describedby={`${id}-help`}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    default: {
      const _never: never = option;
      return _never;
    }
  }
}
