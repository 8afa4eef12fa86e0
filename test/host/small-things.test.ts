/** Where suggestions are not wanted, several at once, imports, a line at a time, and the report, in a real VS Code. */
import { expect, it } from 'vitest';
import { useVsCode } from './fixture';
import { queueSource, unfinished, untilLogged } from './steps';
import { until } from './until';

const fixture = useVsCode();

/** Opens a new file and types a key. @returns the line of the log about it */
async function outcomeOf(key: string, path: string, text: string): Promise<string> {
  const { vsCode, writeFile, log } = fixture();
  const lines = text.split('█')[0]!.split('\n');
  writeFile(path, text.replace('█', ''));
  await vsCode.openFile(path, { line: lines.length, column: lines.at(-1)!.length + 1 });
  const before = (await log()).length;
  await vsCode.type(key);
  const [line] = await untilLogged(fixture(), /^.*(characters from|nothing is shown).*$/, before);
  return line;
}

const inCode = queueSource.replace('this.listeners\n', 'this.listeners█\n');
const inComment = queueSource.replace('  pop() {', '  // Takes the first item█\n  pop() {');
const inString = queueSource.replace("'the queue is full'", "'the queue is█'");

it('suggests nothing in files that a pattern excludes', async () => {
  const { setSettings } = fixture();
  await setSettings({ 'sotto.exclude': ['**/generated/**'] });
  expect(await outcomeOf('.', 'a/generated/queue.js', inCode)).toContain('turned off for this file');
  expect(await outcomeOf('.', 'a/queue.js', inCode)).toContain('characters from');
});

it('suggests nothing in comments and strings of a language for which the user says so', async () => {
  const { setSettings } = fixture();
  await setSettings({ '[javascript]': { 'sotto.inComments': false, 'sotto.inStrings': false } });
  expect(await outcomeOf(' ', 'quiet/comment.js', inComment)).toContain('the cursor is in a comment');
  expect(await outcomeOf(' ', 'quiet/string.js', inString)).toContain('the cursor is in a string');
  expect(await outcomeOf('.', 'quiet/code.js', inCode)).toContain('characters from');
  expect(await outcomeOf(' ', 'quiet/comment.ts', inComment)).not.toContain('the cursor is in a comment');
});

it('is off in a language whose own settings say so', async () => {
  const { setSettings, vsCode } = fixture();
  await setSettings({ '[javascript]': { 'sotto.enable': false } });
  expect(await outcomeOf('.', 'own/queue.js', inCode)).toContain('turned off (setting sotto.enable)');
  await until('the state in the status bar', async () =>
    (await vsCode.statusBarLabel('sotto.status'))?.includes('Off'),
  );
  expect(await outcomeOf('.', 'own/queue.ts', inCode)).toContain('characters from');
});

it('shows several suggestions beside the editor, and inserts the one at the cursor', async () => {
  const { vsCode, writeFile } = fixture();
  writeFile('several/queue.js', queueSource);
  await vsCode.openFile('several/queue.js', unfinished);
  await vsCode.type('.');
  await vsCode.waitForGhostText();
  await vsCode.runCommand('Sotto: Show Several Suggestions');
  await vsCode.page.locator('.monaco-editor.focused[data-uri^="sotto-suggestions:"]').waitFor();
  const lenses = vsCode.page.locator('.codelens-decoration a', { hasText: /^Insert suggestion \d/ });
  await until('two suggestions or more', async () => (await lenses.count()) >= 2);
  const [first = ''] = (await vsCode.visibleText()).split('\n');
  expect(first).toContain('this.listeners.');
  await vsCode.press('Control+Enter');
  await vsCode.page.locator('.monaco-editor.focused[data-uri$="several/queue.js"]').waitFor();
  await until('the suggestion in the file', async () => (await vsCode.visibleText()).includes(first));
});

it('adds the import that an accepted suggestion misses', async () => {
  const { vsCode, writeFile, setSettings } = fixture();
  await setSettings({ 'sotto.copies': true });
  writeFile('imports/tsconfig.json', '{ "compilerOptions": { "module": "nodenext" } }');
  writeFile(
    'imports/price.ts',
    'export function formatPrice(price: number): string {\n  return price.toFixed(2);\n}\n',
  );
  // The lines in the comment are copied. They import nothing.
  const start = `${'// console.log(formatPrice(1));\n'.repeat(4)}\n`;
  expect(await outcomeOf('(', 'imports/main.ts', `${start}console.log█\n`)).toContain('from a copy');
  expect(await vsCode.waitForGhostText()).toContain('formatPrice(1)');
  await vsCode.press('Tab');
  await until('the import', async () =>
    /import \{ formatPrice \} from ["']\.\/price(\.js)?["'];/.test(await vsCode.visibleText()),
  );
});

it('collects versions and the log for a report, without the text of a file', async () => {
  const { vsCode, writeFile } = fixture();
  writeFile('report/queue.js', queueSource.replaceAll('listener', 'wiretapper'));
  await vsCode.openFile('report/queue.js', { ...unfinished, column: unfinished.column + 2 });
  await vsCode.type('.');
  await vsCode.waitForGhostText();
  await vsCode.runCommand('Sotto: Report a Problem');
  await vsCode.page.locator('.monaco-editor.focused[data-uri^="untitled:"]').waitFor();
  await until('the versions', async () => /- VS Code 1\.\d+/.test(await vsCode.visibleText()));
  await vsCode.press('ControlOrMeta+End');
  await until('the log', async () => (await vsCode.visibleText()).includes('report/queue.js: '));
  await vsCode.press('ControlOrMeta+f');
  await vsCode.type('wiretapper');
  await vsCode.page.locator('.find-widget .matchesCount', { hasText: 'No results' }).waitFor();
});
