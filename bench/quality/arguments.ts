/** The command line of `bench:quality`. */
import { parseArgs } from 'node:util';
import { UsageError } from '../../src/cli/command-line';
import { otherFilesChoices } from '../../src/settings/settings';
import { parts } from './sotto';

const peerNames = ['sotto', 'raw', 'ngram'];

const usage = `usage: npm run -s bench:quality -- [options]
  --files PATH    a folder of code, or JSONL with a { path, text, neighbours? } a line
                  (python3 -m sotto_train.sample_files); repeat for more; default: bench/fixtures/own-code
  --stretches N   number of stretches to type; default 100
  --seed N        which stretches; default 1
  --quick         12 stretches
  --peer NAME     ${peerNames.join(', ')}; repeat for more; default: all of them
  --llama FILE    one more peer: a GGUF file in llama.cpp, which is installed on first use
  --model PATH    a model in place of the bundled one
  --other-files   always, auto or never; default: auto, as in the settings
  --without PART  Sotto without one of its parts; repeat for more
  --ablate        Sotto without each of its parts in turn, or without each of --without; no peers
  --json FILE     write all figures as JSON
  --picture FILE  draw the curves over the threshold of confidence as SVG
parts:
${[...parts].map(([name, what]) => `  ${name.padEnd(26)}${what}`).join('\n')}`;

export type Arguments = ReturnType<typeof readArguments>;

/** @throws UsageError that says what is wrong */
export function readArguments() {
  const values = parse();
  const { without = [], peer: peers = [] } = values;
  const part = without.find(name => !parts.has(name));
  if (part !== undefined)
    throw new UsageError(`--without ${part}: expected one of ${[...parts.keys()].join(', ')}`);
  const peer = peers.find(name => !peerNames.includes(name));
  if (peer !== undefined) throw new UsageError(`--peer ${peer}: expected one of ${peerNames.join(', ')}`);
  return {
    files: values.files ?? [],
    stretches: wholeNumber('stretches', values.stretches ?? (values.quick ? '12' : '100')),
    seed: wholeNumber('seed', values.seed ?? '1'),
    peers: peers.length === 0 ? peerNames : peers,
    without,
    isAblation: values.ablate === true,
    llama: values.llama,
    model: values.model,
    otherFiles: readOtherFiles(values['other-files']),
    json: values.json,
    picture: values.picture,
  };
}

function readOtherFiles(value = 'auto') {
  const found = otherFilesChoices.find(choice => choice === value);
  if (found === undefined)
    throw new UsageError(`--other-files ${value}: expected one of ${otherFilesChoices.join(', ')}`);
  return found;
}

function parse() {
  try {
    return parseArgs({
      options: {
        files: { type: 'string', multiple: true },
        stretches: { type: 'string' },
        seed: { type: 'string' },
        quick: { type: 'boolean' },
        peer: { type: 'string', multiple: true },
        llama: { type: 'string' },
        model: { type: 'string' },
        'other-files': { type: 'string' },
        without: { type: 'string', multiple: true },
        ablate: { type: 'boolean' },
        json: { type: 'string' },
        picture: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${usage}`);
  }
}

function wholeNumber(name: string, value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1)
    throw new UsageError(`--${name} ${value}: expected a whole number of at least 1`);
  return number;
}
