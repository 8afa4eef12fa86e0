/** Suggestions from other files, in a real VS Code. */
import { expect, it } from 'vitest';
import { useVsCode } from './fixture';
import { openExplanation, untilLogged } from './steps';
import { until } from './until';

const fixture = useVsCode({ 'sotto.otherFiles': 'always', 'sotto.copies': true });

it('shows the model pieces of imported files, but not of ignored or secret files', async () => {
  const { vsCode, writeFile } = fixture();
  const exporting = (name: string) => `export const ${name} = (cart: Cart) => sumPrices(cart.items);\n`;
  writeFile('.gitignore', 'shop/ignored.ts\n');
  writeFile('shop/.gitignore', '/below.ts\n');
  writeFile('shop/cart.ts', exporting('cartTotal'));
  writeFile('shop/ignored.ts', exporting('ignoredTotal'));
  writeFile('shop/below.ts', exporting('belowTotal'));
  writeFile('shop/secrets.json', exporting('secretTotal'));
  const files = ['./ignored', './below', './secrets.json'].map(path => `import "${path}";\n`).join('');
  const imports = `import { cartTotal } from "./cart";\n${files}`;
  const unfinished = 'const price = sumPrices(cart.items) + cartTotal(';
  writeFile('shop/main.ts', `${imports}${unfinished}\n`);
  await vsCode.openFile('shop/main.ts', { line: 5, column: unfinished.length + 1 });
  const page = await untilPromptHas('shop/cart.ts', 'main.ts');
  expect(page).toContain('cartTotal = (cart: Cart)');
  expect(page).not.toContain('ignoredTotal');
  expect(page).not.toContain('belowTotal');
  expect(page).not.toContain('secretTotal');
});

it('suggests a copy from an imported file that has the same text, without a model run', async () => {
  const { vsCode, writeFile, log } = fixture();
  const loop = 'for (const lamp of lampsOf(house)) lamp.lightUp(40);\n';
  writeFile('house/cellar.js', loop + loop);
  const unfinished = 'for (const lamp of ';
  writeFile('house/kitchen.js', `import './cellar';\n\n${unfinished}\n`);
  await vsCode.openFile('house/kitchen.js', { line: 2, column: 1 });
  await untilPromptHas('house/cellar.js', 'kitchen.js');
  await vsCode.openFile('house/kitchen.js', { line: 3, column: unfinished.length + 1 });
  const before = (await log()).length;
  await vsCode.type('l');
  await untilLogged(fixture(), /kitchen\.js: \d+ characters from a copy/, before);
  expect(await vsCode.waitForGhostText()).toMatch(/^ampsOf/);
});

/**
 * Asks in `file` until the prompt has a piece of `path`. Sotto reads other files in the background, so only a later
 * key has them.
 * @returns the page that explains the request
 */
function untilPromptHas(path: string, file: string): Promise<string> {
  const { vsCode, log } = fixture();
  return until(`a prompt with ${path}`, async () => {
    const before = (await log()).length;
    await vsCode.type('a');
    await vsCode.runCommand('Sotto: Trigger Completion');
    await untilLogged(fixture(), new RegExp(`${file}: `), before);
    const page = await openExplanation(fixture(), file);
    await vsCode.runCommand('View: Close Editor');
    return page.includes(`<|path|>${path}`) && page;
  });
}
