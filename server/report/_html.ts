/** HTML that is put together from parts: whatever is not HTML itself is escaped. */

/** A piece of HTML. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What can stand in a template: text is escaped, pieces are taken as they are, null is nothing. */
export type Part = string | number | null | Html | readonly Html[];

/** Template tag: `html\`<b>${label}</b>\``. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.map((text, index) => text + textOf(parts[index] ?? null)).join(""));
}

function textOf(part: Part): string {
  if (part === null) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map(({ text }) => text).join("\n");
  return String(part).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(
    /"/g,
    "&quot;",
  );
}

/** A heading of some level; `id`: letters, digits and dashes, or null. */
export function headingOf(level: 2 | 3 | 4 | 5, words: Html | string, id: string | null = null): Html {
  const own = id === null ? "" : ` id="${id}"`;
  return new Html(`<h${level}${own}>${html`${words}`.text}</h${level}>`);
}
