import type { FilmChoices } from "../../view/settings.ts";

/** Each choice with its words. */
const CHOICES: readonly (readonly [name: keyof FilmChoices, label: string])[] = [
  ["caption", "Caption: what is seen, by which method"],
  ["legend", "Legend: what the colours mean"],
  ["classes", "The first three classes"],
  ["chapters", "A chapter for each class that stays first"],
  ["titleCard", "Title over the first seconds"],
  ["portrait", "Upright, for phones: only what the network sees"],
];

/** What films have; it counts for videos that are chosen from now on. */
export function Choices(
  { choices, choose }: {
    readonly choices: FilmChoices;
    readonly choose: (part: Partial<FilmChoices>) => void;
  },
) {
  return (
    <fieldset class="every-frame-choices">
      <legend>The film has</legend>
      {CHOICES.map(([name, label]) => (
        <label key={name} class="check">
          <input
            type="checkbox"
            checked={choices[name]}
            disabled={name === "legend" && !choices.caption}
            data-testid={`film-${name}`}
            onChange={({ currentTarget }) => choose({ [name]: currentTarget.checked })}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
