/** A line of comment in a file's own language, told by the ending of its name. */

/** @returns without a line break */
export function commentLine(path: string, text: string): string {
  const [open, close = ''] = signs.get(/[^./]*$/.exec(path)![0].toLowerCase()) ?? ['//'];
  return `${open} ${text}${close}`;
}

/** Two thirds of all languages have `//`, so only the others are here. */
type Signs = readonly [open: string, close?: string];

const signs: ReadonlyMap<string, Signs> = new Map([
  ...endings(
    'py pyi rb sh bash zsh fish pl pm r jl yaml yml toml ex exs cr nim tcl cmake ps1 tf Dockerfile Makefile',
    ['#'],
  ),
  ...endings('sql lua hs elm adb vhd', ['--']),
  ...endings('html htm xml svg vue svelte md', ['<!--', ' -->']),
  ...endings('css', ['/*', ' */']),
  ...endings('clj cljs lisp el scm', [';']),
  ...endings('tex erl', ['%']),
]);

function endings(names: string, sign: Signs): [string, Signs][] {
  return names.split(' ').map(name => [name.toLowerCase(), sign]);
}
