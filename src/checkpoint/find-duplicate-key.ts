/**
 * The first key that one object of a JSON text has twice. `JSON.parse` would take the last without a word, and other
 * readers the first: a file that says two things says neither.
 *
 * @param text JSON that `JSON.parse` has taken
 */
export function findDuplicateKey(text: string): string | undefined {
  const objects: (Set<string> | undefined)[] = [];
  for (const [token, colon] of text.matchAll(tokens)) {
    if (token === '{') objects.push(new Set());
    else if (token === '[') objects.push(undefined);
    else if (token === '}' || token === ']') objects.pop();
    else if (colon !== undefined) {
      const key: string = JSON.parse(token.slice(0, -colon.length));
      const keys = objects.at(-1)!;
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}

/** Brackets, and strings: the ones before a colon are keys. */
const tokens = /[{}[\]]|"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g;
