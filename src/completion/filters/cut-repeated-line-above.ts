import type { Filter } from './filter';

/**
 * Cuts a suggestion at a line that only repeats the one before it: small models loop.
 */
export const cutRepeatedLineAbove: Filter = (text, document) => {
  const lines = text.split('\n');
  let above = lastNonBlank(document.prefix.slice(0, document.prefix.lastIndexOf('\n') + 1).split('\n'));
  const start = document.prefix.slice(document.prefix.lastIndexOf('\n') + 1);
  for (const [index, line] of lines.entries()) {
    const whole = (index === 0 ? start + line : line).trim();
    if (line.trim() !== '' && /\w/.test(whole) && whole === above) return lines.slice(0, index).join('\n');
    if (whole !== '') above = whole;
  }
  return text;
};

function lastNonBlank(lines: readonly string[]): string | undefined {
  return lines
    .map(line => line.trim())
    .filter(line => line !== '')
    .at(-1);
}
