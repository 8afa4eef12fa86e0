import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startLanguageServer } from '../../../bench/definitions/language-server';
import { temporaryFolder } from '../../temporary-folder';

it('finds the definition behind a re-export, in a text that replaces the file', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'cart.ts'), '// Carts.\nexport function cartTotal() {\n  return 1;\n}\n');
  writeFileSync(join(folder, 'index.ts'), 'export * from "./cart";\n');
  writeFileSync(join(folder, 'main.ts'), '');
  const text = 'import { cartTotal } from "./index";\nconst total = cartTotal(';
  const server = await startLanguageServer(folder);
  try {
    const places = await server.withText('main.ts', text, ({ definitions }) =>
      definitions(text.lastIndexOf('cartTotal')),
    );
    // A function is its own type.
    const definition = { path: join(folder, 'cart.ts'), firstLine: 1, lastLine: 3 };
    expect(places).toEqual([definition, definition]);
  } finally {
    await server.stop();
  }
});
