/**
 * `npm run -s bench:definitions -- [FOLDER ...]`: what a language server's definitions would add to the pieces of other
 * files, which the model sees already. It counts the identifiers in the rest of the line that the document's window
 * lacks, and how many of them the pieces have. No model runs. FOLDER is a TypeScript project; default: this repository.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { type DocumentSnapshot, shortPath } from '../src/document/document-snapshot';
import { choosePieces } from '../src/other-files/choose-pieces';
import { importedPaths } from '../src/other-files/imported-paths';
import { FilePieces, identifiersOf, type OtherFile } from '../src/other-files/other-file';
import { loadTokenizer } from '../src/tokenizer/load-tokenizer';
import { seededRandom } from './corpus/seeded-random';
import { type LanguageServer, type Place, startLanguageServer } from './definitions/language-server';
import { namesAtCursor } from './definitions/names-at-cursor';
import { percent, printTable } from './measure/tables';
import { documentAt, pickStretches, type Stretch } from './quality/stretches';

const cursors = 600;
const maxNames = 3;
/** Limits of the editor (`src/other-files/other-files.vscode.ts`): imported files, and all other files. */
const maxOthers = { imported: 8, all: 16 };
const maxFileLength = 64_000;
/** Of a prompt of 960 tokens, the pieces get a third. A definition gets at most a quarter of the pieces' share. */
const tokens = { pieces: 320, definition: 80, window: 640 };
/** Measured on code. */
const charactersPerToken = 3.1;
const maxDefinitions = 2;
const maxLines = 24;

/** What is compared. Sotto does the first. */
const ways = [
  'no definitions',
  // Sotto chooses pieces when a line begins, and keeps them while the cursor is in it.
  'definitions of names above the line',
  // As if each key could bring new pieces.
  'definitions of names before the cursor',
  'the files of these among the others',
  'these whole, as if there were room',
  'other files whole, as if there were room',
] as const;

interface Case {
  /** Whether another file has a definition of a name at the cursor. */
  readonly found: boolean;
  /** Whether such a file is not among the other files whose pieces are shown. */
  readonly isNewFile: boolean;
  /** Identifiers in the rest of the line that the window lacks. */
  readonly missing: readonly string[];
  /** The identifiers that each of `ways` shows. */
  readonly shown: readonly ReadonlySet<string>[];
}

async function main(): Promise<void> {
  const folders = process.argv.slice(2);
  const tokenizer = await loadTokenizer('models/sotto-starter');
  const count = (text: string) => tokenizer.encode(text).length;
  for (const folder of folders.length === 0 ? [process.cwd()] : folders) {
    const root = resolve(folder);
    const texts = readProject(root);
    const sources = [...texts].map(([path, text]) => ({ path, text, languageId: 'typescript' }));
    const random = seededRandom(1);
    const stretches = pickStretches(sources, cursors, random);
    const server = await startLanguageServer(root);
    const look = createLook(root, texts, server, count);
    const cases: Case[] = [];
    for (const stretch of stretches) cases.push(await look(stretch, restingPlace(stretch, random)));
    await server.stop();
    print(`${shortPath(root)}: ${texts.size} files`, cases);
  }
}

/** The project's own code by its path, without tests and generated files. */
function readProject(root: string): ReadonlyMap<string, string> {
  const isOurs = (path: string) =>
    /(?<!\.d)\.tsx?$/.test(path) && !/(^|\/)(node_modules|tests?|fixtures?|dist|build|\..*)\//.test(path);
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).map(path =>
    path.replaceAll('\\', '/'),
  );
  const texts = paths
    .filter(isOurs)
    .sort()
    .map(path => [path, readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n')] as const);
  return new Map(texts.filter(([, { length }]) => length > 0 && length <= maxFileLength));
}

/** A random place: the beginning of the stretch, or the end of one of its words. */
function restingPlace({ source: { text }, from, to }: Stretch, random: () => number): number {
  const ends = [...text.slice(from, to).matchAll(/[\w$]+[^\w\s]*/g)].map(
    ({ 0: word, index }) => from + index + word.length,
  );
  const places = [from, ...ends.slice(0, -1)];
  return places[Math.floor(random() * places.length)]!;
}

function createLook(
  root: string,
  texts: ReadonlyMap<string, string>,
  server: LanguageServer,
  count: (text: string) => number,
) {
  const files = new Map([...texts].map(([path, text]) => [path, { uri: path, path: shortPath(path), text }]));
  const cut = new FilePieces();

  const piecesOf = (document: DocumentSnapshot, pool: readonly OtherFile[]) =>
    choosePieces(document, pool, { tokens: tokens.pieces, count }, allowed => cut.of(allowed)).pieces;

  /** Definitions come first. The rest of the tokens goes to pieces that do not have them already. */
  const withDefinitions = (
    document: DocumentSnapshot,
    pool: readonly OtherFile[],
    places: readonly Place[],
  ) => {
    let left = tokens.pieces;
    const definitions = places.slice(0, maxDefinitions).map(place => {
      const lines = linesAt(place).slice(0, maxLines);
      while (lines.length > 1 && count(lines.join('\n')) > tokens.definition) lines.pop();
      const text = lines.join('\n');
      left -= count(`${shortPath(place.path)}\n${text}`);
      return { text };
    });
    const { pieces } = choosePieces(document, pool, { tokens: left, count }, allowed =>
      cut.of(allowed).filter(piece => !definitions.some(({ text }) => piece.text.includes(text))),
    );
    return wordsOf([...definitions, ...pieces]);
  };

  const linesAt = ({ path, firstLine, lastLine }: Place) =>
    texts
      .get(path)!
      .split('\n')
      .slice(firstLine, lastLine + 1);

  return async (stretch: Stretch, at: number): Promise<Case> => {
    const { source, to } = stretch;
    const document = documentAt(stretch, at);
    const { prefix } = document;
    const text = prefix + document.suffix;
    const above = prefix.slice(0, prefix.lastIndexOf('\n') + 1);
    const { early, late } = await server.withText(source.path, text, async ({ definitions }) => {
      const placesOf = async (names: readonly number[]) => {
        const found = (await Promise.all(names.map(definitions))).flat();
        const places = found.map(place => ({ ...place, path: relative(root, place.path) }));
        const byPlace = new Map(places.map(place => [`${place.path}:${place.firstLine}`, place]));
        return [...byPlace.values()].filter(({ path }) => path !== source.path && texts.has(path));
      };
      return {
        early: await placesOf(namesAtCursor(above, text, maxNames)),
        late: await placesOf(namesAtCursor(prefix, text, maxNames)),
      };
    });
    const pool = otherFilesOf(source, files);
    const defined = late.map(({ path }) => files.get(path)!);
    const window = tokens.window * charactersPerToken;
    const seen = identifiersOf(prefix.slice(-window * 0.75) + source.text.slice(to, to + window * 0.25));
    const lineEnd = source.text.indexOf('\n', at);
    const rest = identifiersOf(source.text.slice(at, Math.min(to, lineEnd === -1 ? to : lineEnd)));
    const pieces = wordsOf(piecesOf(document, pool));
    return {
      found: defined.length > 0,
      isNewFile: defined.some(file => !pool.includes(file)),
      missing: [...rest].filter(word => !seen.has(word)),
      shown: [
        pieces,
        withDefinitions(document, pool, early),
        withDefinitions(document, pool, late),
        wordsOf(piecesOf(document, [...new Set([...defined, ...pool])])),
        new Set([...pieces, ...wordsOf(late.map(place => ({ text: linesAt(place).join('\n') })))]),
        wordsOf(pool),
      ],
    };
  };
}

function wordsOf(pieces: readonly { readonly text: string }[]): ReadonlySet<string> {
  return identifiersOf(pieces.map(({ text }) => text).join('\n'));
}

/** The files that a file imports, then others of its folder. */
function otherFilesOf(
  { path, text }: { readonly path: string; readonly text: string },
  files: ReadonlyMap<string, OtherFile>,
): readonly OtherFile[] {
  const imported = importedPaths(`/${path}`, text)
    .slice(0, maxOthers.imported)
    .flatMap(paths => paths.map(one => one.slice(1)).find(one => files.has(one)) ?? []);
  const beside = [...files.keys()].filter(other => dirname(other) === dirname(path));
  const paths = new Set([...imported, ...beside].filter(other => other !== path));
  return [...paths].slice(0, maxOthers.all).map(other => files.get(other)!);
}

function print(what: string, cases: readonly Case[]): void {
  const share = (is: (one: Case) => boolean) => percent(cases.filter(is).length / cases.length);
  const found = share(one => one.found);
  const isNewFile = share(one => one.isNewFile);
  console.log(
    `\n${what}, ${cases.length} cursors. Another file has a definition at ${found}, a file without pieces at ${isNewFile}.`,
  );
  const identifiers = cases.reduce((sum, { missing }) => sum + missing.length, 0);
  const rows = ways.map((way, index) => {
    let [has, gained, lost] = [0, 0, 0];
    for (const { missing, shown } of cases) {
      const [without, words] = [shown[0]!, shown[index]!];
      has += missing.filter(word => words.has(word)).length;
      if (missing.some(word => words.has(word) && !without.has(word))) gained++;
      if (missing.some(word => !words.has(word) && without.has(word))) lost++;
    }
    return [way, `${has} of ${identifiers}`, percent(has / identifiers), `${gained}`, `${lost}`];
  });
  printTable(['pieces', 'identifiers found', 'share', 'cursors that gain one', 'that lose one'], rows);
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
