/** Properties of the slider. */
export interface PercentSliderProps {
  /** Unique on the page. */
  readonly id: string;
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
  /** What is 100 %; by default 1. */
  readonly whole?: number;
  /** Of what it is a share. */
  readonly title?: string;
  readonly onInput: (value: number) => void;
}

/** A slider whose value stands beside it in per cent. */
export function PercentSlider(
  { id, label, min, max, step, value, whole = 1, title, onInput }: PercentSliderProps,
) {
  return (
    <div class="slider">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        onInput={(event) => onInput(event.currentTarget.valueAsNumber)}
      />
      <output for={id} class="number" title={title}>{Math.round(100 * value / whole)} %</output>
    </div>
  );
}
