/**
 * `npm start [-- --headless]`: installs, builds, and prints a real completion with its timing. Then it opens VS Code
 * with the extension on `examples/` and runs the command 'Try It': the desktop's VS Code, or if there is none, VS Code in a
 * browser until Ctrl-C.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findDesktopCode, openDesktopCode } from './desktop-code.mjs';
import { requireInstalled } from './install.mjs';

const root = join(import.meta.dirname, '..');
const examples = join(root, 'examples');
/** Tells the extension to run 'Try It' when it starts. VS Code hands this environment on to it. */
const tryIt = { SOTTO_TRY_IT: '1' };
/** An unfinished line of the examples. */
const place = { file: 'examples/web/queue.js', line: 24, column: 19 };

await requireInstalled();
const { buildDist, bundleForNode } = await import('./bundle.mjs');
await buildDist();
printCompletion(await bundleForNode('src/cli/complete-command.ts'));
if (!process.argv.includes('--headless')) await openVsCode();

/** @param {string} cli */
function printCompletion(cli) {
  const { file, line, column } = place;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [cli, `${file}:${line}:${column}`, '--json', '--model-only'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`the completion failed: ${stderr}`);
  const answer = JSON.parse(stdout);
  const before = (readFileSync(join(root, file), 'utf8').split('\n')[line - 1] ?? '').slice(0, column - 1);
  const grey = process.stdout.isTTY ? `\x1b[90m${answer.text}\x1b[0m` : `[${answer.text}]`;
  console.log(`\n${file}:${line}\n\n  ${before}${grey}\n`);
  console.log(
    `${answer.model}: ${answer.generatedTokens} tokens in ${answer.totalMs} ms, the prompt of ${answer.promptTokens} ` +
      `tokens read in ${answer.prefillMs} ms; ${answer.tokensPerSecond} tokens a second, computed on this machine.`,
  );
}

async function openVsCode() {
  const code = findDesktopCode();
  if (code === undefined) return await openInBrowser();
  console.log('\nOpening VS Code on examples/ with the extension …');
  await openDesktopCode(code, { extension: root, folder: examples, env: tryIt });
}

/** Without a desktop VS Code: installs VS Code's server from the npm registry and starts it with the packed extension. */
async function openInBrowser() {
  console.log(
    '\nNo VS Code on a desktop here: opening VS Code in a browser instead. The first time takes a minute.',
  );
  const { installCodeServer, startCodeServer, writeUserSettings } = await import('./code-server.mjs');
  const packed = spawnSync(process.execPath, [join(root, 'scripts/package.mjs')], {
    cwd: root,
    encoding: 'utf8',
  });
  if (packed.status !== 0) throw new Error(`the extension could not be packed: ${packed.stderr}`);
  const entry = await installCodeServer({ log: line => console.log(line) });
  const userDataFolder = join(root, '.cache/vs-code/user-data');
  // Otherwise VS Code's own welcome page would cover the sample. What the user has set before stays.
  if (!existsSync(join(userDataFolder, 'User/settings.json')))
    await writeUserSettings(userDataFolder, { 'workbench.startupEditor': 'none' });
  const server = await startCodeServer({
    entry,
    folder: examples,
    userDataFolder,
    extensionsFolder: join(root, '.cache/vs-code/extensions'),
    vsix: join(root, `build/sotto-${process.platform}-${process.arch}.vsix`),
    environment: tryIt,
  });
  console.log(`\nVS Code with Sotto: ${server.url}\nCtrl-C ends it.`);
  const stop = () => void server.stop().then(() => process.exit(0));
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}
