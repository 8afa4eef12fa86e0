import { describe, expect, it } from 'vitest';
import { textsOfLoading, untranslatedTexts } from './untranslated-texts';

describe('a text that is not translated', () => {
  it.each([
    ['of several words', `const why = 'the document has changed';`, 'the document has changed'],
    ['with values in it', `const why = \`nothing in \${place}: \${why}\`;`, 'nothing in {}: {}'],
    ['of one word, in a message', `window.showErrorMessage('Failed');`, 'Failed'],
    ['of one word, under a name that VS Code shows', `const item = { label: 'Menu' };`, 'Menu'],
    ['of one word, behind an icon', `const item = { label: '$(gear) Settings' };`, '$(gear) Settings'],
    ['of one word, in a choice', `item.tooltip = isOn ? 'Off' : l10n.t('On');`, 'Off'],
    ['beside a translated one', `\`\${l10n.t('Log')} of this window\``, '{} of this window'],
    ['in a fault that is shown', `throw new HubError('no such file')`, 'no such file'],
  ])('is found %s', (_, source, text) => {
    expect(untranslatedTexts(source)).toEqual([`1: ${text}`]);
  });
});

it.each([
  ['passes through l10n.t', `window.showErrorMessage(l10n.t('Not {0}', 'x'))`],
  ['goes to the log', `log.info('the model is ready')`],
  ['is a fault of ours', `throw new Error('the session is over')`],
  ['is a name', `const item = { label: 'VS Code', title: 'Sotto' };`],
  ['is an icon', `const item = { label: '$(check)' };`],
  [
    'is the name of an icon',
    `const item = { label: \`$(\${isOn ? 'check' : 'circle'}) \${l10n.t('On')}\` };`,
  ],
  ['goes to the log of an object', `options.log(\`not inspected: \${why}\`)`],
  ['is code', `commands.executeCommand('sotto.showLog', '@id:sotto.model', { state: 'ready' })`],
  ['is a key', `const limits = { 'not for commercial use': l10n.t('not for commercial use') };`],
  ['is a type', `type Limit = 'not for commercial use';`],
  ['is an import', `import { join } from 'node:path';`],
])('a text that %s is none', (_, source) => {
  expect(untranslatedTexts(source)).toEqual([]);
});

it.each(["l10n.t(l10n.t('on'))", 'l10n.t(text)', 'l10n.t(`on`)'])('%s cannot be collected', source => {
  expect(untranslatedTexts(source)).toEqual(['1: l10n.t takes no literal here']);
});

it('a function that makes lines of the log may be named', () => {
  const source = `function describe(place) { return \`\${place}: nothing is shown\`; }`;
  expect(untranslatedTexts(source, ['describe'])).toEqual([]);
});

it('a text that is asked for while the file is loaded is found', () => {
  expect(textsOfLoading(`const on = l10n.t('on');\nconst off = () => l10n.t('off');`)).toEqual([1]);
});
