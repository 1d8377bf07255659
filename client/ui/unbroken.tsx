/** A number with its unit, and the punctuation behind it. */
const FIGURE = /(\d[\d.,]*\s(?:%|ms)[.,:;]?)/;

/** A text whose numbers stay on one line with their units; the text itself is as it was. */
export function Unbroken({ text }: { readonly text: string }) {
  return (
    <span>
      {text.split(FIGURE).map((part, at) =>
        at % 2 === 0 ? part : <span key={at} class="nowrap">{part}</span>
      )}
    </span>
  );
}
