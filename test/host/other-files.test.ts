/** What a real VS Code lets the model see beside the file that is typed into. */
import { expect, it } from 'vitest';
import { explanation } from './explanation';
import { useVsCode } from './fixture';
import { until } from './until';

const fixture = useVsCode({ 'sotto.otherFiles': 'always' });

it('shows imported files to the model, and neither ignored nor secret ones', async () => {
  const { vsCode, writeFile } = fixture();
  const exporting = (name: string) => `export const ${name} = (cart: Cart) => sumPrices(cart.items);\n`;
  writeFile('.gitignore', 'shop/ignored.ts\n');
  writeFile('shop/cart.ts', exporting('cartTotal'));
  writeFile('shop/ignored.ts', exporting('ignoredTotal'));
  writeFile('shop/secrets.ts', exporting('secretTotal'));
  const imports = 'import { cartTotal } from "./cart";\nimport "./ignored";\nimport "./secrets";\n';
  const unfinished = 'const price = sumPrices(cart.items) + cartTotal(';
  writeFile('shop/main.ts', `${imports}${unfinished}\n`);
  await vsCode.openFile('shop/main.ts', { line: 4, column: unfinished.length + 1 });
  // Files are found in the background: a later key has them.
  const page = await until('a prompt with the imported file', async () => {
    await vsCode.type('a');
    await vsCode.runCommand('Sotto: Trigger Completion');
    const text = await explanation(fixture(), 'main.ts');
    await vsCode.runCommand('View: Close Editor');
    return text.includes('<|path|>shop/cart.ts') ? text : undefined;
  });
  expect(page).toContain('cartTotal = (cart: Cart)');
  expect(page).not.toContain('ignoredTotal');
  expect(page).not.toContain('secretTotal');
});
