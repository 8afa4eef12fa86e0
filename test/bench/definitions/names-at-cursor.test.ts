import { expect, it } from 'vitest';
import { namesAtCursor } from '../../../bench/definitions/names-at-cursor';
import { place } from '../../notation';

function names(text: string, max = 3): string[] {
  const { prefix, suffix } = place(text);
  const whole = prefix + suffix;
  return namesAtCursor(prefix, whole, max).map(at => /^[\w$]+/.exec(whole.slice(at))![0]);
}

it('begins with the name before a dot, then the function that is called', () => {
  expect(names('cart.items.sumOf(price => taxes.█')).toEqual(['taxes', 'sumOf', 'price']);
  expect(names('sum(first(a1), second, █', 2)).toEqual(['sum', 'second']);
  expect(names('parse<Cart>(text, █', 1)).toEqual(['parse']);
});

it('continues with the nearest names, each once, up to the limit', () => {
  expect(names('one two\ntwo three\n█')).toEqual(['three', 'two', 'one']);
  expect(names('one two\ntwo three\n█', 2)).toEqual(['three', 'two']);
});

it('leaves out keywords, names that the text itself defines, and the word at the cursor', () => {
  expect(names('const total = cartTotal; return total + car█')).toEqual(['cartTotal']);
  expect(names('total + █\nfunction total() {}')).toEqual([]);
});

it('leaves out strings and comments', () => expect(names('"one" + two // three\n█')).toEqual(['two']));
