/**
 * A model of another's under llama.cpp, prompted as llama.vscode does: the last 256 lines before the cursor, greedy,
 * the rest of the line. llama.vscode puts the text below in front of that for a model with fill-in-the-middle marks;
 * this asks without it, as for SmolLM2, which has none. As there, what is left of the last answer is shown while it is
 * typed, and an end that stands right of the cursor already is cut.
 */
import { lineSuffix } from '../../src/document/document-snapshot';
import { type Llama, openLlama } from '../rivals/llama';
import type { Peer } from './peers';
import { documentAt, type Stretch } from './stretches';

/** llama.vscode's `n_prefix`. */
const prefixLines = 256;
/** About the thousand tokens that Sotto takes by default; and more of them would take minutes a stretch. */
const promptCharacters = 3000;
const contextSize = 2048;
/** Tokens of a line, at most: some eighty characters, of which more are hardly ever right, and take a second to ask. */
const mostTokens = 24;

/** What one token added to a text, and how sure the model was of it: the natural logarithm of its probability. */
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
        tokens = await completeLine(llama, ids, sharedLength(run, ids));
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

/** The same for a whole stretch: a window that moved with the cursor would have to be run anew at each key. */
function promptStart(text: string, from: number): number {
  const first = Math.max(0, from - promptCharacters);
  const lines = text.slice(first, from).split('\n');
  // What is cut begins in the middle of a line.
  const kept = lines.slice(Math.max(first === 0 ? 0 : 1, lines.length - prefixLines));
  return from - kept.join('\n').length;
}

/** @param from how many of `ids` llama.cpp has run already */
async function completeLine(llama: Llama, ids: readonly number[], from: number): Promise<TextToken[]> {
  const tokens: TextToken[] = [];
  const written: number[] = [];
  let text = '';
  // The last token is always run: its logits are asked for.
  let known = Math.min(from, ids.length - 1);
  let next = ids.slice(known);
  while (written.length < mostTokens) {
    const question = { at: next.length - 1, top: 1 };
    const { answers } = await llama.evaluate(next, known, [question]);
    known += next.length;
    const [id, logProb] = [answers[0]!.top[0]!, answers[0]!.topLogProbs[0]!];
    written.push(id);
    const whole = await llama.decode(written);
    const added = whole.slice(text.length);
    // A mark, such as the end of the text, is spelled like this.
    if (added === '' || /^<\|.*\|>$/.test(added)) break;
    const lineEnd = added.indexOf('\n');
    if (lineEnd !== 0) tokens.push({ text: lineEnd === -1 ? added : added.slice(0, lineEnd), logProb });
    if (lineEnd !== -1) break;
    text = whole;
    next = [id];
  }
  return tokens;
}

/** What is left of the tokens once `typed` is typed; undefined if they say otherwise, or nothing more. */
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

function sharedLength(a: readonly number[], b: readonly number[]): number {
  const end = b.findIndex((id, index) => id !== a[index]);
  return end === -1 ? b.length : end;
}

const textOf = (tokens: readonly TextToken[]) => tokens.map(({ text }) => text).join('');
