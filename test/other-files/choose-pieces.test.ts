import { describe, expect, it } from 'vitest';
import { type ChosenPieces, choosePieces, jaccard } from '../../src/other-files/choose-pieces';
import { FilePieces, identifiersOf, type OtherFile } from '../../src/other-files/other-file';
import { otherFile, place } from '../notation';
import { wordCount } from '../prompt/word-count';
import { createRandom } from '../random';

const cut = new FilePieces();

function choose(
  text: string,
  files: readonly OtherFile[],
  previous?: ChosenPieces,
  tokens = 200,
): ChosenPieces {
  const budget = { tokens, count: wordCount };
  return choosePieces(place(text), files, budget, allowed => cut.of(allowed), previous);
}

const pathsOf = ({ pieces }: Pick<ChosenPieces, 'pieces'>) => pieces.map(({ path }) => path);
const urisOf = ({ pieces }: ChosenPieces) => pieces.map(({ uri }) => uri);

const cart = otherFile('src/cart.ts', 'export const cartTotal = (cart: Cart) => sumPrices(cart.items);\n');
const user = otherFile('src/user.ts', 'export const userName = (user: User) => user.firstName;\n');
const both = [user, cart];
const atCart = 'import { cartTotal } from "./cart";\nconst price = sumPrices(cart.items) + cartTotal(█';
const atUser = 'import { userName } from "./user";\nconst name = user.firstName + userName(█';

describe('the choice', () => {
  it('is like the code at the cursor', () => {
    expect(pathsOf(choose(atCart, both))).toEqual(['src/cart.ts']);
    expect(pathsOf(choose(atUser, both))).toEqual(['src/user.ts']);
  });

  it('is empty if nothing is alike', () => expect(pathsOf(choose('zebra.giraffe(█', both))).toEqual([]));

  it('has the more recent of two files that are equally alike', () => {
    const same = (path: string) => otherFile(path, `${cart.text}// ${path}/one\n`);
    const files = [same('b/b.ts'), same('a/a.ts')];
    expect(pathsOf(choose(atCart, files))[0]).toBe('b/b.ts');
    expect(pathsOf(choose(atCart, files.toReversed()))[0]).toBe('a/a.ts');
  });

  it('has each line once', () =>
    expect(pathsOf(choose(atCart, [cart, otherFile('src/copy.ts', cart.text)]))).toEqual(['src/cart.ts']));

  it('has no piece that the document contains already', () =>
    expect(pathsOf(choose(`${cart.text}${atCart}`, both))).toEqual([]));

  it('keeps a piece if the document lacks one of its lines, because the user may be typing that line', () => {
    const copied = otherFile('src/copy.ts', `${cart.text}const tax = taxOf(cart);\n`);
    expect(pathsOf(choose(`${cart.text}${atCart}`, [copied]))).toEqual(['src/copy.ts']);
  });

  it('never has a file that may hold secrets', () => {
    const secrets = ['src/.env', '.ssh/config'].map(path => otherFile(path, cart.text));
    expect(pathsOf(choose(atCart, secrets))).toEqual([]);
  });

  it('has the first lines of a piece that does not fit', () => {
    const lines = Array.from({ length: 20 }, (_, i) => `const cartTotal${i} = sumPrices(cart.items, price);`);
    const long = otherFile('src/long.ts', lines.join('\n'));
    const [piece] = choose(atCart, [long], undefined, 60).pieces;
    expect(piece!.text.split('\n').length).toBeLessThan(12);
    expect(lines.join('\n').startsWith(`${piece!.text}\n`)).toBe(true);
  });

  it('is empty if there is hardly any room', () =>
    expect(pathsOf(choose(atCart, both, undefined, 20))).toEqual([]));

  it('has four pieces at most', () => {
    const files = Array.from({ length: 9 }, (_, i) =>
      otherFile(`src/${i}.ts`, `const cartTotal = sumPrices(cart.items, price, word${i});\n`),
    );
    expect(pathsOf(choose(atCart, files, undefined, 10_000))).toHaveLength(4);
  });
});

describe('the last choice stays', () => {
  it('while the cursor stays in its line, whatever is typed there', () => {
    const before = choose(atCart, both);
    expect(choose(`${atCart.replace('█', '')} user.firstName, userName, User█`, both, before)).toBe(before);
  });

  it('in another line, unless another choice is clearly better', () => {
    const before = choose(atCart, both);
    expect(pathsOf(choose(atCart.replace('█', '\nuserName(█'), both, before))).toEqual(['src/cart.ts']);
    expect(pathsOf(choose(atUser, both, before))).toEqual(['src/user.ts']);
  });

  it('as it was if its file has changed meanwhile', () => {
    const before = choose(atCart, both);
    const changed = { ...cart, text: `${cart.text}// changed\n` };
    expect(choose(atCart, [user, changed], before).pieces).toEqual(before.pieces);
  });

  it('unless its file is gone', () =>
    expect(pathsOf(choose(atCart, [user], choose(atCart, both)))).toEqual([]));

  it('unless its file is gone, even if another file has the same last folder and name', () => {
    const closed = { ...cart, uri: 'file:///project/cart/src/index.ts', path: 'src/index.ts' };
    const open = { ...user, uri: 'file:///project/user/src/index.ts', path: 'src/index.ts' };
    const before = choose(atCart, [closed, open]);
    expect(urisOf(before)).toEqual([closed.uri]);
    expect(urisOf(choose(atCart, [open], before))).toEqual([]);
  });

  it('unless there is less room than it was chosen for', () =>
    expect(pathsOf(choose(atCart, both, choose(atCart, both), 20))).toEqual([]));

  it('in front of new pieces', () => {
    const more = otherFile('src/more.ts', 'const price = cartTotal(cart.items), name = sumPrices(user);\n');
    const before = choose(atCart, [cart]);
    const after = choose(atCart.replace('█', ')\nname = sumPrices(user, price█'), [more, cart], before);
    expect(pathsOf(after)).toEqual(['src/cart.ts', 'src/more.ts']);
  });
});

it('a choice never exceeds its budget and repeats no piece, whatever the files and the document are', () => {
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
  let previous: ChosenPieces | undefined;
  let shown = 0;
  for (let index = 0; index < 200; index++) {
    const files = Array.from({ length: random.below(5) }, (_, i) =>
      otherFile(`src/${i}.ts`, Array.from({ length: random.below(300) }, () => random.pick(words)).join(' ')),
    );
    const tokens = 20 + random.below(150);
    const text = `${random.join(words, 30)}█${random.join(words, 10)}`;
    previous = choose(text, files, random.below(3) === 0 ? undefined : previous, tokens);
    shown += previous.pieces.length;
    const used = previous.pieces.reduce((sum, piece) => sum + wordCount(`${piece.path}\n${piece.text}`), 0);
    expect(used).toBeLessThanOrEqual(tokens);
    expect(new Set(previous.pieces.map(piece => piece.text)).size).toBe(previous.pieces.length);
  }
  expect(shown).toBeGreaterThan(50);
});

describe('the similarity of two sets', () => {
  const check = (a: string, b: string, expected: number) =>
    expect(jaccard(identifiersOf(a), identifiersOf(b))).toBeCloseTo(expected, 10);

  it('is the share of identifiers that both have', () => check('one two three', 'three four', 1 / 4));
  it('is 1 for the same identifiers in any order', () => check('one two', 'two one', 1));
  it('is 0 for nothing in common', () => check('one', 'two', 0));
  it('is 0 for empty sets', () => check('', '', 0));
  it('is the same in both directions', () => check('three four', 'one two three', 1 / 4));
});
