/**
 * Any GGUF model in llama.cpp, prompted as llama.vscode prompts a model without fill-in-the-middle marks, such as SmolLM2:
 * the last 256 lines before the cursor, without the text below. It writes the rest of the line, greedily. As in
 * llama.vscode, the rest of an answer stays while the user types along, and an end that the suffix already has is cut.
 */
import { lineSuffix } from '../../src/document/document-snapshot';
import { commonPrefixLength } from '../../src/generation/kv-cache';
import { type Llama, openLlama } from '../rivals/llama';
import type { Peer } from './peers';
import { documentAt, type Stretch } from './stretches';

/** llama.vscode's `n_prefix`. */
const prefixLines = 256;
/** About a thousand tokens, Sotto's default. More would take minutes a stretch. */
const promptCharacters = 3000;
const contextSize = 2048;
/** About eighty characters of a line. Longer answers are hardly ever right, and take a second to write. */
const maxTokens = 24;

/** The text that one token added, and the natural logarithm of its probability. */
interface TextToken {
  readonly text: string;
  readonly logProb: number;
}

export interface LlamaPeer extends Peer {
  close(): void;
}

export async function openLlamaPeer(root: string, file: string, threads: number): Promise<LlamaPeer> {
  const llama = await openLlama(root, file, { threads, contextSize });
  let last:
    | { readonly stretch: object; readonly at: number; readonly tokens: readonly TextToken[] }
    | undefined;
  let run: readonly number[] = [];
  return {
    name: 'llama.cpp',
    what: 'prefix only, the rest of the line, always shown',
    async suggest(stretch, at) {
      const document = documentAt(stretch, at);
      const typed = last?.stretch === stretch ? stretch.source.text.slice(last.at, at) : undefined;
      let tokens = last && typed !== undefined ? leftOf(last.tokens, typed) : undefined;
      if (tokens === undefined) {
        const ids = await promptOf(llama, stretch, at);
        if (ids.length === 0) return undefined;
        tokens = await completeLine(llama, ids, commonPrefixLength(run, ids));
        run = ids;
        last = { stretch, at, tokens };
      }
      const text = withoutEnd(textOf(tokens), lineSuffix(document));
      if (text.trim() === '') return undefined;
      const confidence = Math.exp(tokens.reduce((sum, { logProb }) => sum + logProb, 0));
      return { text, replaceAfter: 0, confidence };
    },
    close: () => llama.close(),
  };
}

async function promptOf(llama: Llama, { source: { text }, from }: Stretch, at: number): Promise<number[]> {
  const { startId } = llama.info;
  const ids = await llama.tokenize(text.slice(promptStart(text, from), at));
  return startId === undefined ? ids : [startId, ...ids];
}

/** The prompt's start is the same for a whole stretch. If it moved with the cursor, each key would run all of it anew. */
function promptStart(text: string, from: number): number {
  const first = Math.max(0, from - promptCharacters);
  const lines = text.slice(first, from).split('\n');
  // The cut is in the middle of a line, which is left out.
  const kept = lines.slice(Math.max(first === 0 ? 0 : 1, lines.length - prefixLines));
  return from - kept.join('\n').length;
}

/** @param from how many of `ids` llama.cpp has in its cache */
async function completeLine(llama: Llama, ids: readonly number[], from: number): Promise<TextToken[]> {
  const tokens: TextToken[] = [];
  const written: number[] = [];
  let text = '';
  // The last token is always run, because its logits are wanted.
  let known = Math.min(from, ids.length - 1);
  let next = ids.slice(known);
  while (written.length < maxTokens) {
    const question = { at: next.length - 1, top: 1 };
    const { answers } = await llama.evaluate(next, known, [question]);
    known += next.length;
    const [id, logProb] = [answers[0]!.top[0]!, answers[0]!.topLogProbs[0]!];
    written.push(id);
    const whole = await llama.decode(written);
    const added = whole.slice(text.length);
    // Special tokens, such as the end of the text, are spelled like this.
    if (added === '' || /^<\|.*\|>$/.test(added)) break;
    const lineEnd = added.indexOf('\n');
    if (lineEnd !== 0) tokens.push({ text: lineEnd === -1 ? added : added.slice(0, lineEnd), logProb });
    if (lineEnd !== -1) break;
    text = whole;
    next = [id];
  }
  return tokens;
}

/** The rest of the tokens after `typed`; undefined if their text differs from it, or ends with it. */
function leftOf(tokens: readonly TextToken[], typed: string): TextToken[] | undefined {
  const text = textOf(tokens);
  if (typed === '' || !text.startsWith(typed) || text.length === typed.length) return undefined;
  let rest = typed.length;
  return tokens.flatMap(token => {
    const skipped = Math.min(rest, token.text.length);
    rest -= skipped;
    return skipped === token.text.length ? [] : [{ ...token, text: token.text.slice(skipped) }];
  });
}

function withoutEnd(text: string, following: string): string {
  return following !== '' && text.endsWith(following) ? text.slice(0, -following.length) : text;
}

const textOf = (tokens: readonly TextToken[]) => tokens.map(({ text }) => text).join('');
