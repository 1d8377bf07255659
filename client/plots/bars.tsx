import type { ComponentChildren } from "preact";
import { useSignal } from "@preact/signals";
import { barPlaces, type BarRow, sortedBars } from "./bar_rows.ts";
import { hue } from "../../shared/class_colours.ts";
import { signed as withSign, unsigned } from "./numbers.ts";

/** Bars that are shown before all are asked for. */
const FIRST = 10;

/** Properties of bars. */
export interface BarsProps {
  /** What the bars are, for everybody. */
  readonly caption: string;
  /** Heads of the columns: what a bar is of, and what its number is. */
  readonly heads: { readonly name: string; readonly value: string };
  readonly rows: readonly BarRow[];
  /** Whether bars grow to both sides of zero. */
  readonly signed: boolean;
  /** What both sides speak for, where the bars are signed. */
  readonly sides?: { readonly minus: BarSide; readonly plus: BarSide };
  /** Whether rows stay in their order; else the largest come first. */
  readonly ordered?: boolean;
  /** Writes a value; default: with two or three digits, and its sign where bars are signed. */
  readonly write?: (value: number) => string;
  /** What stands below the name of a bar, such as what can be done with it. */
  readonly beside?: (row: BarRow) => ComponentChildren;
  readonly testid?: string;
}

/** One side of signed bars. */
export interface BarSide {
  readonly words: string;
  /** Place of the class that has this side's colour; none: the accent, or a pale one. */
  readonly place?: number;
}

/** Sorted bars: a table whose last column is drawn, so that everybody has the same numbers. */
export function Bars(props: BarsProps) {
  const { caption, heads, signed, sides, ordered = false, testid = "bars" } = props;
  const all = useSignal(false);
  const rows = ordered ? props.rows : sortedBars(props.rows);
  const shown = all.value ? rows : rows.slice(0, FIRST);
  const placeOf = barPlaces(rows, signed);
  const write = props.write ?? (signed ? withSign : unsigned);
  const spreads = rows.some(({ deviation }) => deviation !== undefined);
  return (
    <div class="plot" data-testid={testid}>
      <table class="bars" data-signed={signed}>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{heads.name}</th>
            <th scope="col" class="bars-value">{heads.value}</th>
            <th scope="col" class="bars-sides">
              {sides === undefined ? <span class="visually-hidden">Bar</span> : <Sides {...sides} />}
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={row.key ?? row.name}>
              <th scope="row">
                {row.name}
                {row.note !== undefined && <span class="muted small">{row.note}</span>}
                {props.beside?.(row)}
              </th>
              <td class="bars-value number">
                {write(row.value)}
                {spreads && <span class="muted">± {unsigned(row.deviation ?? 0)}</span>}
              </td>
              <td aria-hidden="true">
                <Bar row={row} place={placeOf(row)} side={row.value < 0 ? sides?.minus : sides?.plus} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > FIRST && (
        <button
          type="button"
          class="link-button"
          onClick={() => all.value = !all.value}
        >
          {all.value ? `Show the first ${FIRST}` : `Show all ${rows.length}`}
        </button>
      )}
    </div>
  );
}

function Sides({ minus, plus }: NonNullable<BarsProps["sides"]>) {
  return (
    <span class="bars-ends">
      <span>← {minus.words}</span>
      <span>{plus.words} →</span>
    </span>
  );
}

interface BarProps {
  readonly row: BarRow;
  readonly place: ReturnType<ReturnType<typeof barPlaces>>;
  readonly side: BarSide | undefined;
}

function Bar({ row, place: { left, width, line }, side }: BarProps) {
  const colour = row.place ?? side?.place;
  return (
    <span class="bars-track">
      {row.value !== 0 && (
        <span
          class="bars-bar"
          data-minus={row.value < 0}
          style={{ left: `${left}%`, width: `${width}%`, ...(colour === undefined ? {} : hue(colour)) }}
        />
      )}
      {line !== null && <span class="bars-line" style={{ left: `${line.left}%`, width: `${line.width}%` }} />}
    </span>
  );
}
