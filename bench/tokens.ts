/**
 * `npm run -s tokens -- [STRINGS] [SEED] [GGUF]`: every kind of tokenizer against Python's. STRINGS is how many strings
 * all kinds together encode; default: a million. GGUF is a model file whose tokenizer is compared too.
 *
 * The Python needs train/requirements-golden.txt. It is `python3`, or the one that the variable PYTHON names.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareTokens, parts } from '../test/tokenizer/compare-tokens';
import { hasReference, startReference } from '../test/tokenizer/reference';
import { tokenizerKinds } from '../test/tokenizer/tokenizer-kinds';

async function main(): Promise<void> {
  const [strings = '1000000', seed = '1', gguf] = process.argv.slice(2);
  const python = process.env['PYTHON'] ?? 'python3';
  if (!hasReference(python))
    throw new Error(`${python} lacks the reference: pip install -r train/requirements-golden.txt`);
  const root = process.cwd();
  const scratch = mkdtempSync(join(tmpdir(), 'sotto-tokens-'));
  const reference = await startReference(python, root);
  try {
    const texts = parts(root, reference, Number(seed));
    const examples: string[] = [];
    console.log(
      `Seed ${seed}; Unicode: Node ${process.versions['unicode']}, strings of ${reference.unicode}.\n`,
    );
    console.log('| tokenizer | reference | strings | other ids | other text back |');
    console.log('| --- | --- | ---: | ---: | ---: |');
    const kinds = tokenizerKinds(root, scratch, gguf);
    for (const kind of kinds) {
      const result = await compareTokens(kind, reference, texts, Math.ceil(Number(strings) / kinds.length));
      const counts = [result.strings, result.mismatches.length, result.unlike.length];
      console.log(`| ${[kind.name, kind.request.reference, ...counts].join(' | ')} |`);
      for (const text of [...result.mismatches.slice(0, 3), ...result.unlike.slice(0, 3)])
        examples.push(`${kind.name}: ${JSON.stringify(text)}`);
    }
    if (examples.length > 0) process.exitCode = 1;
    console.log(examples.length > 0 ? `\nThe first that differ:\n${examples.join('\n')}` : '\nNone differs.');
  } finally {
    reference.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
