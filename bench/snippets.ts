/**
 * `npm run -s bench:snippets -- [FILES.jsonl ...]`: what pieces of other files add. It counts the identifiers that are
 * typed and that the document's window lacks, and how many of them the chosen pieces have. For comparison it takes the
 * beginnings of the same files. No model runs. FILES.jsonl as for `bench:quality`; default: the pinned corpus.
 */
import { LruMap } from '../src/common/lru-map';
import { type ChosenPieces, choosePieces } from '../src/other-files/choose-pieces';
import { FilePieces, identifiersOf, type OtherFile } from '../src/other-files/other-file';
import { piecesBudget } from '../src/prompt/prompt-memory';
import { loadTokenizer } from '../src/tokenizer/load-tokenizer';
import { decode, type Tokenizer } from '../src/tokenizer/tokenizer';
import { seededRandom } from './corpus/seeded-random';
import { ownTexts, readTexts } from './corpus/source-texts';
import { percent, printTable } from './measure/tables';
import { documentAt, pickStretches, type Stretch } from './quality/stretches';

const stretchCount = 1000;
/** As the extension remembers them (`src/prompt/prompt-memory.ts`). */
const rememberedDocuments = 32;
/** Windows of 384, 1,024 and 2,048 tokens, less 64 for the answer. */
const promptTokens = [320, 960, 1984];

async function main(): Promise<void> {
  const files = process.argv.slice(2);
  const sources = files.length === 0 ? ownTexts(process.cwd()) : readTexts(files);
  const stretches = pickStretches(sources, stretchCount, seededRandom(1));
  const tokenizer = await loadTokenizer('models/sotto-starter');
  const rows = promptTokens.map(contextTokens => {
    const model = { tokenizer, contextWindow: contextTokens + 64 };
    const settings = { contextTokens, maxTokens: 64 };
    const last = new LruMap<string, ChosenPieces>(rememberedDocuments);
    const cut = new FilePieces();
    const chosen = (stretch: Stretch) => {
      const document = documentAt(stretch, stretch.from);
      const files = stretch.source.neighbours ?? [];
      const budget = piecesBudget(model, settings);
      const choice = choosePieces(document, files, budget, some => cut.of(some), last.get(document.uri));
      last.set(document.uri, choice);
      return choice.pieces;
    };
    const first = ({ source: { neighbours = [] } }: Stretch) =>
      firstPieces(neighbours, contextTokens / 3, tokenizer);
    return [
      `${contextTokens}`,
      percent(share(stretches, contextTokens, chosen)),
      percent(share(stretches, contextTokens, first)),
    ];
  });
  console.log(`${stretches.length} stretches of ${sources.length} files`);
  printTable(['tokens of a prompt', 'identifiers found in the chosen pieces', 'in the first ones'], rows);
}

/** Measured on code. */
const charactersPerToken = 3.1;

/** Share of the identifiers that are typed, and that the window lacks, which the pieces have. */
function share(
  stretches: readonly Stretch[],
  contextTokens: number,
  piecesOf: (stretch: Stretch) => readonly OtherFile[],
): number {
  let [missing, found] = [0, 0];
  for (const stretch of stretches) {
    const { source, from, to } = stretch;
    const window = contextTokens * charactersPerToken;
    const seen = identifiersOf(
      source.text.slice(Math.max(0, from - window * 0.75), from) + source.text.slice(to, to + window * 0.25),
    );
    const had = identifiersOf(
      piecesOf(stretch)
        .map(({ text }) => text)
        .join('\n'),
    );
    for (const word of identifiersOf(source.text.slice(from, to))) {
      if (seen.has(word)) continue;
      missing++;
      if (had.has(word)) found++;
    }
  }
  return found / missing;
}

/** The beginnings of the first two files, with half of the tokens each. */
function firstPieces(
  files: readonly OtherFile[],
  tokens: number,
  tokenizer: Tokenizer,
): readonly OtherFile[] {
  return files.slice(0, 2).map(({ uri, path, text }) => {
    const beginning = text.slice(0, tokens * 2);
    const ids = tokenizer.encode(beginning).slice(0, tokens / 2);
    return { uri, path, text: decode(tokenizer, ids) };
  });
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
