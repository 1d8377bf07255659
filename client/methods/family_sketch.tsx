import type { JSX } from "preact";
import type { MethodInfo } from "../../shared/protocol.ts";

/** Sides of the drawing, and of the squares in it. */
const WIDTH = 240;
const HEIGHT = 56;
const SQUARE = 44;
const TOP = (HEIGHT - SQUARE) / 2;

/** A small picture of how a family's methods work; the words beside it say the same. */
export function FamilySketch({ family }: { readonly family: MethodInfo["family"] }) {
  return (
    <svg
      class="sketch"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      aria-hidden="true"
      data-testid={`sketch-${family}`}
    >
      {SKETCHES[family]()}
    </svg>
  );
}

const SKETCHES: Readonly<Record<MethodInfo["family"], () => JSX.Element>> = {
  /** The picture, feature maps of a layer, their sum over the picture. */
  layer: () => (
    <>
      <Picture x={2} />
      <Arrow from={50} to={74} />
      {[0, 1, 2].map((map) => <FeatureMap key={map} x={80 + 14 * map} y={2 + 8 * map} spot={map} />)}
      <text x={168} y={HEIGHT / 2 + 5}>Σ</text>
      <Picture x={194}>
        <circle class="warm" cx={216} cy={26} r={12} />
      </Picture>
    </>
  ),
  /** From the score back to the pixels. */
  gradient: () => (
    <>
      <Picture x={2}>
        {PIXELS.map(([x, y]) => <rect key={`${x} ${y}`} class="warm" x={x} y={y} width={4} height={4} />)}
      </Picture>
      <Arrow from={96} to={52} />
      <Layers x={102} />
      <Arrow from={184} to={158} />
      <Score x={194} share={0.8} />
    </>
  ),
  /** Parts of the picture covered, and what the score does. */
  outside: () => (
    <>
      <Picture x={2}>
        <rect class="cover" x={6} y={10} width={16} height={16} />
      </Picture>
      <Score x={54} share={0.8} />
      <Picture x={126}>
        <rect class="cover" x={142} y={18} width={16} height={16} />
      </Picture>
      <Score x={178} share={0.25} />
    </>
  ),
  /** The picture, and one part of the network by itself. */
  inside: () => (
    <>
      <Picture x={2} />
      <Arrow from={50} to={74} />
      <Layers x={82} marked={4} />
      <Arrow from={142} to={166} />
      <FeatureMap x={176} y={TOP} spot={1} side={SQUARE} />
    </>
  ),
};

/** Pixels that a gradient marks, along the outline of the thing. */
const PIXELS = [[18, 16], [24, 12], [30, 18], [14, 26], [34, 28], [20, 36], [28, 34], [24, 24]] as const;

/** A thing on a ground. */
function Picture({ x, children }: { readonly x: number; readonly children?: JSX.Element | JSX.Element[] }) {
  return (
    <>
      <rect class="ground" x={x} y={TOP} width={SQUARE} height={SQUARE} rx={3} />
      <circle class="thing" cx={x + SQUARE / 2} cy={TOP + 20} r={11} />
      {children}
    </>
  );
}

function FeatureMap({ x, y, spot, side = 34 }: {
  readonly x: number;
  readonly y: number;
  /** Which of its cells stands out. */
  readonly spot: number;
  readonly side?: number;
}) {
  const cell = side / 3;
  return (
    <>
      <rect class="plane" x={x} y={y} width={side} height={side} rx={2} />
      <rect class="warm" x={x + cell * spot} y={y + cell} width={cell} height={cell} />
    </>
  );
}

/** Three layers of units; one of them may be marked. */
function Layers({ x, marked }: { readonly x: number; readonly marked?: number }) {
  return (
    <>
      {Array.from({ length: 9 }, (_, unit) => (
        <circle
          key={unit}
          class={unit === marked ? "warm" : "unit"}
          cx={x + 6 + 20 * Math.floor(unit / 3)}
          cy={12 + 16 * (unit % 3)}
          r={5}
        />
      ))}
    </>
  );
}

/** A bar: the score of the class, 0…1 of its length. */
function Score({ x, share }: { readonly x: number; readonly share: number }) {
  return (
    <>
      <rect class="plane" x={x} y={HEIGHT / 2 - 5} width={40} height={10} rx={3} />
      <rect class="warm" x={x} y={HEIGHT / 2 - 5} width={40 * share} height={10} rx={3} />
    </>
  );
}

function Arrow({ from, to }: { readonly from: number; readonly to: number }) {
  const back = from < to ? -5 : 5;
  const y = HEIGHT / 2;
  return <path class="arrow" d={`M${from} ${y}H${to}m${back} -4l${-back} 4l${back} 4`} />;
}
