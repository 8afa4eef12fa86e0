import { expect, it } from 'vitest';
import { faultsOfTranslation, unknownCommands } from './faults-of-translation';

it.each([
  ['is missing', { a: 'on' }, {}, 'missing: a'],
  ['is empty', { a: 'on' }, { a: '' }, 'missing: a'],
  ['is unused', {}, { a: '开' }, 'unused: a'],
  ['lacks a value', { a: '{0} of {1}' }, { a: '{0} 个' }, 'a: expected {0} {1}, found {0}'],
  ['has another icon', { a: '$(gear) on' }, { a: '$(sync) 开' }, 'a: expected $(gear), found $(sync)'],
  ['lacks a link', { a: '[on](command:x)' }, { a: '开' }, 'a: expected ](command:x), found '],
  [
    'names another setting',
    { a: 'see sotto.model' },
    { a: '见 sotto.modle' },
    'a: expected sotto.model, found sotto.modle',
  ],
])('a text that %s is a fault', (_, english, translated, fault) => {
  expect(faultsOfTranslation(english, translated)).toEqual([fault]);
});

it('values may come in another order', () => {
  expect(faultsOfTranslation({ a: '{0} of {1}' }, { a: '{1} 中的 {0}' })).toEqual([]);
});

it('a text may mention only commands that exist', () => {
  const texts = { 'command.log': '显示日志', a: '见`Sotto: 显示日志`和`Sotto: 日志`。' };
  expect(unknownCommands(texts)).toEqual(['日志']);
});
