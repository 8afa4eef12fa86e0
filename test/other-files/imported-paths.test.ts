import { describe, expect, it } from 'vitest';
import { importedPaths } from '../../src/other-files/imported-paths';

/** The files of a project. */
const files = [
  '/app/src/cart.ts',
  '/app/src/lib/index.ts',
  '/app/src/view.tsx',
  '/app/src/old.js',
  '/app/shop/__init__.py',
  '/app/shop/cart.py',
  '/app/shop/models/user.py',
  '/app/shop/models/__init__.py',
];

function check(path: string, text: string, ...expected: string[]) {
  const found = importedPaths(path, text).map(paths => paths.find(one => files.includes(one)));
  expect(found.filter(Boolean)).toEqual(expected);
}

describe('a script imports', () => {
  const script = '/app/src/main.ts';
  it('a file beside it', () => check(script, "import { add } from './cart';", '/app/src/cart.ts'));
  it('a file by the name of its output', () =>
    check(script, "import x from './cart.js';", '/app/src/cart.ts'));
  it('a file with its ending', () => check(script, "import './old.js';", '/app/src/old.js'));
  it('a component', () => check(script, "import v from './view'", '/app/src/view.tsx'));
  it('a folder', () => check(script, "export * from './lib';", '/app/src/lib/index.ts'));
  it('a file of the folder above', () =>
    check('/app/src/lib/index.ts', "from '../cart'", '/app/src/cart.ts'));
  it('with require, and with import() at run time', () =>
    check(script, 'require("./old"); await import("./lib")', '/app/src/old.js', '/app/src/lib/index.ts'));
  it('each file only once', () =>
    check(script, "import a from './cart';\nimport b from './cart';", '/app/src/cart.ts'));
  it('packages, which are left out', () =>
    expect(importedPaths(script, "import { it } from 'vitest';")).toEqual([]));
  it('no file above the root', () =>
    expect(importedPaths(script, "import x from '../../../../etc/passwd';")).toEqual([]));
});

describe('a Python module imports', () => {
  const module = '/app/shop/models/user.py';
  it('a module beside it', () => check('/app/shop/main.py', 'from .cart import Cart\n', '/app/shop/cart.py'));
  it('a module of the package above', () => check(module, 'from ..cart import Cart', '/app/shop/cart.py'));
  it('a package', () =>
    check('/app/shop/main.py', 'from .models import user', '/app/shop/models/__init__.py'));
  it('a name of its own package, which may be a module', () =>
    check('/app/shop/main.py', 'from . import cart', '/app/shop/__init__.py'));
  it('by the name of the package that it is in', () =>
    check(module, 'import shop.cart\nfrom shop.cart import Cart', '/app/shop/cart.py'));
  it('modules of the standard library, which are left out', () =>
    expect(importedPaths(module, 'import os.path\n')).toEqual([]));
  it('no file above the root', () => expect(importedPaths('/a.py', 'from ...x import y')).toEqual([]));
});

it('finds 24 imports at most', () => {
  const text = Array.from({ length: 100 }, (_, i) => `import x from './file${i}';`).join('\n');
  expect(importedPaths('/app/main.ts', text)).toHaveLength(24);
});
