/** HTML and SVG as templates. What is put into a template is escaped, unless it is HTML of a template already. */

export interface Html {
  readonly markup: string;
}

export type HtmlPart = Html | string | number | readonly HtmlPart[];

/** `html`<td>${text}</td>`` */
export function html(texts: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  const inserted = parts.map((part, index) => `${markupOf(part)}${texts[index + 1]}`);
  return { markup: `${texts[0]}${inserted.join('')}` };
}

/** Markup that was not made by a template, such as a style sheet. It must not hold anything that a user wrote. */
export function trusted(markup: string): Html {
  return { markup };
}

function markupOf(part: HtmlPart): string {
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return String(part);
  return 'markup' in part ? part.markup : part.map(markupOf).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For text and for attributes in quotes. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, character => entities[character]!);
}
