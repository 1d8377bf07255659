import type { Welcome } from "../../../shared/protocol.ts";

/** Properties of the field. */
export interface LayerFieldProps {
  readonly layers: Welcome["layers"];
  /** Name of the target layer, or null before the server has named it. */
  readonly value: string | null;
  readonly onChange: (layer: string) => void;
}

/** The target layer; deep ones stand first, as they are what people look at first. */
export function LayerField({ layers, value, onChange }: LayerFieldProps) {
  return (
    <label class="option">
      <span>Target layer</span>
      <span class="select">
        <select
          data-testid="layer"
          value={value ?? ""}
          title={value ?? undefined}
          onChange={(event) => onChange(event.currentTarget.value)}
        >
          {value === null && <option value="">…</option>}
          {layers.toReversed().map(({ name, shape }) => (
            <option key={name} value={name}>{`${name} · ${shape.join("×")}`}</option>
          ))}
        </select>
      </span>
    </label>
  );
}
