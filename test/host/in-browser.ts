// Functions that run in the browser, handed to Playwright's `evaluate`: each must stand alone. Knows of VS Code's page
// only the classes of its elements.

/** What is used of the browser's DOM, whose types this project does without. */
interface ElementLike {
  readonly textContent: string | null;
  readonly style: { readonly top: string };
  readonly classList: { contains(name: string): boolean };
  querySelectorAll(selector: string): Iterable<ElementLike>;
}

declare const document: {
  readonly body: ElementLike;
  querySelector(selector: string): ElementLike | null;
  addEventListener(type: 'keydown', listener: () => void, options: object): void;
};
declare const MutationObserver: new (
  onChange: () => void,
) => { observe(node: ElementLike | null, what: object): void; disconnect(): void };

/** Texts that an element shows from now on. */
export function watchText(selector: string): string[] {
  const item = document.querySelector(selector);
  const texts: string[] = [];
  const observer = new MutationObserver(() => texts.push(item?.textContent?.trim() ?? ''));
  observer.observe(item, { subtree: true, childList: true, characterData: true });
  return texts;
}

/** The lines below the first. The line's own rest, behind the cursor, is drawn here too but is no ghost text. */
export function textOfGhostLines(lines: ElementLike[]): string[] {
  return lines.map(line =>
    Array.from(line.querySelectorAll('.ghost-text'), part => part.textContent ?? '').join(''),
  );
}

/** An editor's lines from top to bottom, without ghost text. */
export function textOfLines(lines: ElementLike[]): string {
  const fromTop = [...lines].sort((a, b) => Number.parseFloat(a.style.top) - Number.parseFloat(b.style.top));
  const textOf = (line: ElementLike) =>
    Array.from(line.querySelectorAll('span > span'))
      .filter(part => !part.classList.contains('ghost-text-decoration'))
      .map(part => part.textContent ?? '')
      .join('');
  return fromTop.map(line => textOf(line).replaceAll('\u00a0', ' ')).join('\n');
}

/** Measures from the next key to the first element that matches. @returns what is filled in when that is there */
export function startStopwatch(selector: string): { readonly ms: Promise<number> } {
  const ms = new Promise<number>(resolve => {
    document.addEventListener(
      'keydown',
      () => {
        const start = performance.now();
        const observer = new MutationObserver(() => {
          if (document.querySelector(selector) === null) return;
          observer.disconnect();
          resolve(performance.now() - start);
        });
        observer.observe(document.body, { subtree: true, childList: true });
      },
      { capture: true, once: true },
    );
  });
  return { ms };
}
