// Functions that Playwright's `evaluate` runs in the browser, so none may use anything outside itself. Of VS Code's
// page they know only the classes of its elements.

/** The part of the browser's DOM that we use. This project does not include the DOM's types. */
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

/** The texts that an element shows from now on. */
export function watchText(selector: string): string[] {
  const item = document.querySelector(selector);
  const texts: string[] = [];
  const observer = new MutationObserver(() => texts.push(item?.textContent?.trim() ?? ''));
  observer.observe(item, { subtree: true, childList: true, characterData: true });
  return texts;
}

/** Ghost text below its first line. VS Code also draws the text after the cursor here, which is no ghost text. */
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

/** Measures the time from the next key to the first element that matches. @returns a promise of the milliseconds */
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
