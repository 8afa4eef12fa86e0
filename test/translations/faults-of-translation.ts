/** What is wrong with a file of translated texts, beside the English file. */

export type Texts = Readonly<Record<string, string>>;

/** What a translation must take over as it is: values, icons, addresses of links, names of settings. */
const marks = /\{\w+\}|\$\([\w~-]+\)|\]\([^)\s]+\)|#?\b(?:sotto|editor|http)\.\w+(?:\.\w+)*#?/g;

/** @returns a line for each text that is missing, unused, empty, or has other marks than the English one */
export function faultsOfTranslation(english: Texts, translated: Texts): readonly string[] {
  const missing = Object.keys(english).filter(key => !translated[key]);
  const unused = Object.keys(translated).filter(key => !(key in english));
  const others = Object.keys(english).flatMap(key => {
    const [wanted, found] = [marksOf(english[key] ?? ''), marksOf(translated[key] ?? '')];
    return missing.includes(key) || wanted === found ? [] : [`${key}: expected ${wanted}, found ${found}`];
  });
  return [...missing.map(key => `missing: ${key}`), ...unused.map(key => `unused: ${key}`), ...others];
}

/** In any order, because another language has another one. */
function marksOf(text: string): string {
  return (text.match(marks) ?? []).sort().join(' ');
}

/** Commands that a text mentions, such as `Sotto: Show Log`, and that no command is called. */
export function unknownCommands(texts: Texts): readonly string[] {
  const titles = Object.entries(texts).flatMap(([key, text]) => (/^command\./.test(key) ? [text] : []));
  return Object.values(texts).flatMap(text =>
    Array.from(text.matchAll(/`Sotto: ([^`]+)`/g), ([, title = '']) => title).filter(
      title => !titles.includes(title),
    ),
  );
}
