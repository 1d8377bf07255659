import { METHOD_FAMILIES, type MethodInfo } from "../../../shared/protocol.ts";
import { FAMILY_WORDS } from "./families.ts";

/** Properties of the field. */
export interface MethodFieldProps {
  readonly methods: readonly MethodInfo[];
  /** Id of the method that is chosen. */
  readonly value: string;
  readonly onChange: (method: string) => void;
}

/** Which method explains, family by family. */
export function MethodField({ methods, value, onChange }: MethodFieldProps) {
  return (
    <label class="select">
      <span class="visually-hidden">Method</span>
      <select
        data-testid="method"
        value={value}
        disabled={methods.length === 0}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {methods.length === 0 && <option value={value}>{value}</option>}
        {METHOD_FAMILIES.map((family) => (
          <optgroup key={family} label={FAMILY_WORDS[family].name}>
            {methods.filter((one) => one.family === family).map(({ id, name }) => (
              <option key={id} value={id}>{name}</option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}
