/**
 * The command 'Report a Problem': versions, settings and the log in a new document, which the user can read, change and
 * copy. Nothing is sent. It holds no text of any file, and no settings whose values are the user's own words.
 */
import { arch, cpus, release, totalmem } from 'node:os';
import { type ExtensionContext, env, extensions, l10n, Uri, version, window, workspace } from 'vscode';
import type { Status } from './status';
import { explainState } from './status';

/** The last lines of the log are about the problem. */
const maxLogLines = 200;

export async function reportProblem(context: ExtensionContext, status: Status): Promise<void> {
  const { version: own } = context.extension.packageJSON as { readonly version: string };
  const [processor] = cpus();
  const report = [
    `# ${l10n.t('A problem with Sotto')}`,
    '',
    l10n.t('What did you do, what happened, and what did you expect? Write it here.'),
    '',
    l10n.t('Read what follows before you pass it on. It holds no text of your files. The log names files.'),
    '',
    `## ${l10n.t('Versions')}`,
    '',
    `- Sotto ${own}`,
    `- VS Code ${version} (${env.appName}, ${env.uiKind === 1 ? 'desktop' : 'web'}${env.remoteName === undefined ? '' : `, remote: ${env.remoteName}`})`,
    `- ${process.platform} ${release()} ${arch()}, Node ${process.version}`,
    `- ${cpus().length} × ${processor?.model.trim() ?? '?'}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    `- ${l10n.t('State')}: ${explainState(status)}`,
    `- ${l10n.t('Other extensions')}: ${otherExtensions()}`,
    '',
    `## ${l10n.t('Settings that differ from their defaults')}`,
    '',
    ...settingsThatDiffer(context),
    '',
    `## ${l10n.t('Log')}`,
    '',
    '```',
    ...(await lastLogLines(context)),
    '```',
    '',
  ];
  const document = await workspace.openTextDocument({ language: 'markdown', content: report.join('\n') });
  await window.showTextDocument(document);
}

function otherExtensions(): string {
  const ids = extensions.all.filter(({ packageJSON }) => packageJSON.isBuiltin !== true).map(({ id }) => id);
  return ids.filter(id => id !== 'sotto.sotto').join(', ') || '–';
}

/** Of a setting with a path or patterns only its name is given. */
function settingsThatDiffer(context: ExtensionContext): readonly string[] {
  const configuration = workspace.getConfiguration('sotto');
  const { contributes } = context.extension.packageJSON as {
    readonly contributes: { readonly configuration: readonly { readonly properties: object }[] };
  };
  const names = contributes.configuration.flatMap(({ properties }) => Object.keys(properties));
  const lines = names.flatMap(whole => {
    const name = whole.replace(/^sotto\./, '');
    const value = configuration.get(name);
    if (JSON.stringify(value) === JSON.stringify(configuration.inspect(name)?.defaultValue)) return [];
    const isSafe = typeof value === 'number' || typeof value === 'boolean';
    return [`- \`${whole}\`: ${isSafe ? value : l10n.t('set')}`];
  });
  return lines.length === 0 ? ['–'] : lines;
}

async function lastLogLines({ logUri }: ExtensionContext): Promise<readonly string[]> {
  try {
    const bytes = await workspace.fs.readFile(Uri.joinPath(logUri, 'Sotto.log'));
    return new TextDecoder().decode(bytes).trimEnd().split('\n').slice(-maxLogLines);
  } catch (error) {
    return [(error as Error).message];
  }
}
