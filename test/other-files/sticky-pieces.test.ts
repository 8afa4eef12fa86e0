import { describe, expect, it } from 'vitest';
import { FileChunks } from '../../src/other-files/file-pieces';
import type { OtherFile } from '../../src/other-files/other-file';
import { type Snippets, updateSnippets } from '../../src/other-files/sticky-pieces';
import { place } from '../notation';
import { wordCount } from '../prompt/word-count';
import { createRandom } from '../random';

const chunks = new FileChunks();

function choose(text: string, files: readonly OtherFile[], previous?: Snippets, tokens = 200): Snippets {
  const budget = { tokens, count: wordCount };
  return updateSnippets(place(text), files, budget, allowed => chunks.of(allowed), previous);
}

const pathsOf = ({ chunks }: Snippets) => chunks.map(({ path }) => path);

const cart = {
  path: 'src/cart.ts',
  text: 'export const cartTotal = (cart: Cart) => sumPrices(cart.items);\n',
};
const user = { path: 'src/user.ts', text: 'export const userName = (user: User) => user.firstName;\n' };
const both = [user, cart];
const atCart = 'import { cartTotal } from "./cart";\nconst price = sumPrices(cart.items) + cartTotal(█';
const atUser = 'import { userName } from "./user";\nconst name = user.firstName + userName(█';

describe('what is shown', () => {
  it('is what is like the code at the cursor', () => {
    expect(pathsOf(choose(atCart, both))).toEqual(['src/cart.ts']);
    expect(pathsOf(choose(atUser, both))).toEqual(['src/user.ts']);
  });

  it('is nothing where nothing is alike', () => expect(pathsOf(choose('zebra.giraffe(█', both))).toEqual([]));

  it('is of two that are alike the more recent first', () => {
    const same = (path: string) => ({ path, text: `${cart.text}// ${path}/one\n` });
    const files = [same('b/b.ts'), same('a/a.ts')];
    expect(pathsOf(choose(atCart, files))[0]).toBe('b/b.ts');
    expect(pathsOf(choose(atCart, files.toReversed()))[0]).toBe('a/a.ts');
  });

  it('is each line once', () =>
    expect(pathsOf(choose(atCart, [cart, { ...cart, path: 'src/copy.ts' }]))).toEqual(['src/cart.ts']));

  it('is not what stands in the document already', () =>
    expect(pathsOf(choose(`${cart.text}${atCart}`, both))).toEqual([]));

  it('may repeat the document but for a line, which may be the one that is missing', () => {
    const copied = { path: 'src/copy.ts', text: `${cart.text}const tax = taxOf(cart);\n` };
    expect(pathsOf(choose(`${cart.text}${atCart}`, [copied]))).toEqual(['src/copy.ts']);
  });

  it('is never of a file that may hold secrets', () => {
    expect(
      pathsOf(
        choose(atCart, [
          { ...cart, path: 'src/.env' },
          { ...cart, path: '.ssh/config' },
        ]),
      ),
    ).toEqual([]);
  });

  it('is the first lines of what does not fit', () => {
    const lines = Array.from({ length: 20 }, (_, i) => `const cartTotal${i} = sumPrices(cart.items, price);`);
    const [chunk] = choose(atCart, [{ path: 'src/long.ts', text: lines.join('\n') }], undefined, 60).chunks;
    expect(chunk!.text.split('\n').length).toBeLessThan(12);
    expect(lines.join('\n').startsWith(`${chunk!.text}\n`)).toBe(true);
  });

  it('is nothing where there is hardly any room', () =>
    expect(pathsOf(choose(atCart, both, undefined, 20))).toEqual([]));

  it('is four pieces at most', () => {
    const files = Array.from({ length: 9 }, (_, i) => ({
      path: `src/${i}.ts`,
      text: `const cartTotal = sumPrices(cart.items, price, word${i});\n`,
    }));
    expect(pathsOf(choose(atCart, files, undefined, 10_000))).toHaveLength(4);
  });
});

describe('what was shown before stays', () => {
  it('while the cursor is in its line, whatever is typed there', () => {
    const before = choose(atCart, both);
    expect(choose(`${atCart.replace('█', '')} user.firstName, userName, User█`, both, before)).toBe(before);
  });

  it('in another line, unless another choice is clearly better', () => {
    const before = choose(atCart, both);
    expect(pathsOf(choose(atCart.replace('█', '\nuserName(█'), both, before))).toEqual(['src/cart.ts']);
    expect(pathsOf(choose(atUser, both, before))).toEqual(['src/user.ts']);
  });

  it('as it was, where its file has changed meanwhile', () => {
    const before = choose(atCart, both);
    const changed = { ...cart, text: `${cart.text}// changed\n` };
    expect(choose(atCart, [user, changed], before).chunks).toEqual(before.chunks);
  });

  it('unless its file is gone', () =>
    expect(pathsOf(choose(atCart, [user], choose(atCart, both)))).toEqual([]));

  it('unless there is less room than it was chosen for', () =>
    expect(pathsOf(choose(atCart, both, choose(atCart, both), 20))).toEqual([]));

  it('in front of what is new', () => {
    const more = {
      path: 'src/more.ts',
      text: 'const price = cartTotal(cart.items), name = sumPrices(user);\n',
    };
    const before = choose(atCart, [cart]);
    const after = choose(atCart.replace('█', ')\nname = sumPrices(user, price█'), [more, cart], before);
    expect(pathsOf(after)).toEqual(['src/cart.ts', 'src/more.ts']);
  });
});

it('never exceeds its budget, and repeats no chunk, whatever the files and the document are', () => {
  const random = createRandom(11);
  const words = [
    'cart',
    'total',
    'price',
    'user',
    'name',
    '(',
    ')',
    '{\n',
    '}\n',
    '\n',
    '  ',
    'sum',
    'items',
  ];
  let previous: Snippets | undefined;
  let shown = 0;
  for (let index = 0; index < 200; index++) {
    const files = Array.from({ length: random.below(5) }, (_, i) => ({
      path: `src/${i}.ts`,
      text: Array.from({ length: random.below(300) }, () => random.pick(words)).join(' '),
    }));
    const tokens = 20 + random.below(150);
    const text = `${random.join(words, 30)}█${random.join(words, 10)}`;
    previous = choose(text, files, random.below(3) === 0 ? undefined : previous, tokens);
    shown += previous.chunks.length;
    const used = previous.chunks.reduce((sum, chunk) => sum + wordCount(`${chunk.path}\n${chunk.text}`), 0);
    expect(used).toBeLessThanOrEqual(tokens);
    expect(new Set(previous.chunks.map(chunk => chunk.text)).size).toBe(previous.chunks.length);
  }
  expect(shown).toBeGreaterThan(50);
});
