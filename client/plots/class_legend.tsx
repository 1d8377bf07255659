import { hue } from "../../shared/class_colours.ts";

/** Which colour stands for which class. */
export function ClassLegend({ classes }: { readonly classes: readonly string[] }) {
  return (
    <ul class="class-legend">
      {classes.map((name, place) => (
        <li key={place}>
          <ClassMark place={place} /> {name}
        </li>
      ))}
    </ul>
  );
}

/** The colour of a class, beside its name. */
export function ClassMark({ place }: { readonly place: number }) {
  return <span class="class-mark" style={hue(place)} aria-hidden="true" />;
}
