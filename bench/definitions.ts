/**
 * `npm run -s bench:definitions -- [FOLDER ...]`: what a language server's definitions would bring beside the pieces of
 * other files that are shown already, without any model: of the identifiers that the rest of the line has and the
 * document's window lacks, how many stand in the pieces. FOLDER: a TypeScript project, else this repository.
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
const mostNames = 3;
/** As the editor has at most (`src/other-files/other-files.vscode.ts`): imported, and others. */
const others = { imported: 8, all: 16 };
const longestFile = 64_000;
/** A prompt of 960: the pieces have a third, a definition a quarter of that at most. */
const tokens = { pieces: 320, definition: 80, window: 640 };
/** Measured on code. */
const charactersPerToken = 3.1;
const mostDefinitions = 2;
const mostLines = 24;

/** The ways that are compared; the first is what there is. */
const ways = [
  'no definitions',
  // Pieces are chosen when a line is begun and stay while the cursor is in it.
  'definitions of names above the line',
  // As if they were known, and shown, at once.
  'definitions of names before the cursor',
  'the files of these among the others',
  'these whole, as if there were room',
  'other files whole, as if there were room',
] as const;

interface Case {
  /** A definition in another file. */
  readonly found: boolean;
  /** One in a file that is not among those whose pieces are shown. */
  readonly isNewFile: boolean;
  /** What the rest of the line has and the window has not. */
  readonly missing: readonly string[];
  /** Of each way, the identifiers that it shows. */
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

/** Its own code by its path, without tests and what is generated. */
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
  return new Map(texts.filter(([, { length }]) => length > 0 && length <= longestFile));
}

/** Where the stretch begins, or behind one of its words. */
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

  /** The definitions first; in the room that they leave, pieces that have not got them. */
  const withDefinitions = (
    document: DocumentSnapshot,
    pool: readonly OtherFile[],
    places: readonly Place[],
  ) => {
    let left = tokens.pieces;
    const definitions = places.slice(0, mostDefinitions).map(place => {
      const lines = linesAt(place).slice(0, mostLines);
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
        early: await placesOf(namesAtCursor(above, text, mostNames)),
        late: await placesOf(namesAtCursor(prefix, text, mostNames)),
      };
    });
    const pool = neighbours(source, files);
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

/** What it imports, then others of its folder. */
function neighbours(
  { path, text }: { readonly path: string; readonly text: string },
  files: ReadonlyMap<string, OtherFile>,
): readonly OtherFile[] {
  const imported = importedPaths(`/${path}`, text)
    .slice(0, others.imported)
    .flatMap(paths => paths.map(one => one.slice(1)).find(one => files.has(one)) ?? []);
  const beside = [...files.keys()].filter(other => dirname(other) === dirname(path));
  const paths = new Set([...imported, ...beside].filter(other => other !== path));
  return [...paths].slice(0, others.all).map(other => files.get(other)!);
}

function print(what: string, cases: readonly Case[]): void {
  const share = (is: (one: Case) => boolean) => percent(cases.filter(is).length / cases.length);
  const found = share(one => one.found);
  const isNewFile = share(one => one.isNewFile);
  console.log(
    `\n${what}, ${cases.length} cursors; a definition elsewhere at ${found}, in a file not yet among the others at ${isNewFile}`,
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
