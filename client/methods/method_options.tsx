import { Check } from "lucide-preact";
import { useId } from "preact/hooks";
import type { MethodInfo } from "../../shared/protocol.ts";
import { FAMILY_WORDS } from "./families.ts";
import { FamilySketch } from "./family_sketch.tsx";
import { costWords, type MethodGroup } from "./method_groups.ts";
import type { PickerParts } from "./picker_parts.ts";
import { sameAsWords } from "./same_maps.ts";

/** Properties of a group of the list. */
export interface GroupOptionsProps extends Pick<PickerParts, "sameAs"> {
  readonly group: MethodGroup;
  /** All methods of the model. */
  readonly methods: readonly MethodInfo[];
  /** Id of the method that is chosen. */
  readonly value: string;
  /** Position of the group's first method in the whole list, and of the one that Enter takes. */
  readonly first: number;
  readonly active: number;
  readonly optionId: (at: number) => string;
  readonly onChoose: (method: MethodInfo) => void;
}

/** A heading and its methods; those to begin with have a sketch each, the others one for their family. */
export function GroupOptions(
  { group, methods, value, first, active, optionId, sameAs, onChoose }: GroupOptionsProps,
) {
  const heading = useId();
  const { family } = group;
  const nameOf = (id: string) => methods.find((one) => one.id === id)?.name ?? id;
  return (
    <div role="group" aria-labelledby={heading} class="method-group">
      <div role="presentation" class="method-group-head">
        <strong id={heading}>{group.name}</strong>
        {family !== null && (
          <>
            <FamilySketch family={family} />
            <span class="muted small">{FAMILY_WORDS[family].how}</span>
          </>
        )}
      </div>
      {group.methods.map((method, place) => {
        const at = first + place;
        const same = sameAsWords(sameAs(method.id), method.id, nameOf);
        return (
          <div
            key={method.id}
            id={optionId(at)}
            role="option"
            class="method-option"
            data-testid={`option-${method.id}`}
            aria-selected={at === active}
            // The press must not take the focus from the search.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onChoose(method)}
          >
            <span class="method-name">
              {method.name}
              {method.id === value && (
                <span class="chosen">
                  <Check aria-hidden="true" />
                  <span class="visually-hidden">, chosen</span>
                </span>
              )}
            </span>
            <span class="method-cost muted small">{costWords(method)}</span>
            {family === null && <FamilySketch family={method.family} />}
            <span class="method-words">{method.plain}</span>
            {same !== null && <span class="method-words muted small">{same}</span>}
          </div>
        );
      })}
    </div>
  );
}
