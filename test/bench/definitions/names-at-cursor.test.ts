import { expect, it } from 'vitest';
import { namesAtCursor } from '../../../bench/definitions/names-at-cursor';
import { place } from '../../notation';

function names(text: string, most = 3): string[] {
  const { prefix, suffix } = place(text);
  const whole = prefix + suffix;
  return namesAtCursor(prefix, whole, most).map(at => /^[\w$]+/.exec(whole.slice(at))![0]);
}

it('begins with the receiver of a dot and with what is called', () => {
  expect(names('cart.items.sumOf(price => taxes.█')).toEqual(['taxes', 'sumOf', 'price']);
  expect(names('sum(first(a1), second, █', 2)).toEqual(['sum', 'second']);
  expect(names('parse<Cart>(text, █', 1)).toEqual(['parse']);
});

it('goes on with the nearest, each once, as many as are wanted', () => {
  expect(names('one two\ntwo three\n█')).toEqual(['three', 'two', 'one']);
  expect(names('one two\ntwo three\n█', 2)).toEqual(['three', 'two']);
});

it('leaves out keywords, what the text itself defines, and the word that is being typed', () => {
  expect(names('const total = cartTotal; return total + car█')).toEqual(['cartTotal']);
  expect(names('total + █\nfunction total() {}')).toEqual([]);
});

it('leaves out strings and comments', () => expect(names('"one" + two // three\n█')).toEqual(['two']));
