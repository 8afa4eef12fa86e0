/** Brackets, snippets, fences and scripts around the cursor in a real VS Code: to accept a suggestion breaks none of them. */
import { expect, it } from 'vitest';
import { useVsCode } from './fixture';
import { queueSource, unfinished } from './steps';
import { until } from './until';
import { appears } from './vs-code';

/** VS Code's server does not know this language. */
const vue = {
  publisher: 'sotto-test',
  name: 'vue',
  contributes: { languages: [{ id: 'vue', extensions: ['.vue'] }] },
};
const fixture = useVsCode({}, { manifests: [vue] });
const closing = { 'editor.autoClosingBrackets': 'always', 'editor.autoClosingQuotes': 'always' };

/** How many brackets of a text are open, less those that are closed. */
function openBrackets(text: string): number {
  return text.replaceAll(/[^([{]/g, '').length - text.replaceAll(/[^)\]}]/g, '').length;
}

/** Types a bracket that VS Code closes. It does so as soon as it knows the language. */
async function typeBracket(): Promise<void> {
  const { vsCode } = fixture();
  await until('a bracket that VS Code closes', async () => {
    await vsCode.type('(');
    const isClosed = await until('the bracket', async () => /\.push\(\)/.test(await vsCode.visibleText()), {
      timeoutMs: 2_000,
    }).catch(() => false);
    if (!isClosed) await vsCode.press('Backspace');
    return isClosed;
  });
}

it('can be accepted word by word through brackets that VS Code has closed', async () => {
  const { vsCode, setSettings, copyExamples } = fixture();
  await setSettings(closing);
  await vsCode.openFile(`${copyExamples()}/web/queue.js`, unfinished);
  const before = openBrackets(await vsCode.editorText());
  await vsCode.type('.push');
  await typeBracket();
  // The file's first request waits until the model is ready.
  await vsCode.waitForGhostText(60_000);
  const texts: string[] = [];
  for (let words = 0; words < 8; words++) {
    const ghost = await vsCode.waitForGhostText(10_000).catch(() => undefined);
    if (ghost === undefined) break;
    await vsCode.press('ControlOrMeta+ArrowRight');
    texts.push(
      await until('the accepted word', async () => {
        const text = await vsCode.editorText();
        return text !== texts.at(-1) && text;
      }),
    );
  }
  expect(texts.length).toBeGreaterThan(0);
  for (const text of texts) expect(openBrackets(text), text).toBe(before);
});

it('closes nothing twice at two cursors in brackets', async () => {
  const { vsCode, writeFile, setSettings } = fixture();
  await setSettings(closing);
  const [line, column] = [unfinished.line, unfinished.column];
  const lines = queueSource.split('\n');
  writeFile('cursors/queue.js', lines.toSpliced(line, 0, lines[line - 1]!).join('\n'));
  await vsCode.openFile('cursors/queue.js', { line, column });
  await vsCode.runCommand('Add Cursor Below');
  await vsCode.type('.push');
  await typeBracket();
  expect(await vsCode.waitForGhostText()).not.toBe('');
  await vsCode.press('Tab');
  const typed = (await vsCode.editorText()).split('\n').slice(line - 1, line + 1);
  for (const one of typed) {
    expect(one).toMatch(/^ {4}this\.listeners\.push\(/);
    expect(openBrackets(one), one).toBe(0);
  }
  expect(typed[0]).toMatch(/push\(\w/);
});

it('leaves the placeholders of a snippet that the suggest widget has selected to VS Code', async () => {
  const { vsCode, writeFile, setSettings } = fixture();
  await setSettings({ ...closing, 'editor.snippetSuggestions': 'top' });
  writeFile('snippet/queue.js', `${queueSource}\n\n`);
  const focused = vsCode.page.locator('.suggest-widget.visible .monaco-list-row.focused .label-name');
  const line = queueSource.split('\n').length + 1;
  await until('a snippet in the suggest widget', async () => {
    await vsCode.openFile('snippet/queue.js', { line, column: 1 });
    await vsCode.press('Shift+End');
    await vsCode.type('foreach', { delayMs: 20 });
    await vsCode.press('Control+Space');
    return appears(focused, 3_000);
  });
  // Time for an answer that continues the snippet.
  const ghost = await vsCode.waitForGhostText(5_000).catch(() => '');
  expect(ghost).not.toMatch(/\$\{?\d/);
  await vsCode.press('Enter');
  const text = (await vsCode.editorText())
    .split('\n')
    .slice(line - 1)
    .join('\n');
  expect(text).toMatch(/forEach/);
  expect(text).not.toMatch(/\$\{?\d/);
  expect(openBrackets(text), text).toBe(0);
});

it('does not close the fence of a block in Markdown', async () => {
  const { vsCode, writeFile, setSettings } = fixture();
  await setSettings({ 'sotto.languages': { '*': true, markdown: true } });
  const source = `# Queue\n\nUse it like this (see below):\n\n\`\`\`js\n${queueSource}\nqueue\n\`\`\`\n\nThat's all.\n`;
  writeFile('fence/queue.md', source);
  const line = source.split('\n').indexOf('queue') + 1;
  await vsCode.openFile('fence/queue.md', { line, column: 6 });
  await vsCode.type('.');
  const ghost = await vsCode.waitForGhostText();
  expect(ghost).not.toContain('```');
  await vsCode.press('Tab');
  const text = await vsCode.editorText();
  expect(text.split('```').length).toBe(source.split('```').length);
  expect(text.endsWith("\n```\n\nThat's all.\n")).toBe(true);
});

/** Types a dot after `queue` in a file, and accepts. @returns the text of the file then */
async function acceptInScript(path: string, source: string): Promise<string> {
  const { vsCode, writeFile, setSettings } = fixture();
  await setSettings({ 'sotto.languages': { '*': true } });
  writeFile(path, source);
  const line = source.split('\n').indexOf('queue') + 1;
  await vsCode.openFile(path, { line, column: 6 });
  await vsCode.type('.');
  expect(await vsCode.waitForGhostText()).not.toContain('</');
  await vsCode.press('Tab');
  return vsCode.editorText();
}

it('stays in the script of a page', async () => {
  const source = `<html>\n<body>\n<p>It's a queue</p>\n<script>\n${queueSource}\nqueue\n</script>\n</body>\n</html>\n`;
  const text = await acceptInScript('page/queue.html', source);
  expect(text.split('</script>').length).toBe(2);
  expect(text.endsWith('\n</script>\n</body>\n</html>\n')).toBe(true);
});

it('stays in the script of a Vue file', async () => {
  const template = '<template>\n  <p v-if="queue">It\'s {{ queue.size }}</p>\n</template>';
  const source = `<script setup>\n${queueSource}\nqueue\n</script>\n\n${template}\n`;
  const text = await acceptInScript('vue/Queue.vue', source);
  expect(text.split('</script>').length).toBe(2);
  expect(text.endsWith(`\n</script>\n\n${template}\n`)).toBe(true);
  expect(await fixture().vsCode.page.locator('.statusbar-item', { hasText: /^vue$/ }).count()).toBe(1);
});
