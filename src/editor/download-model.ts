/**
 * Downloads a model when the user has asked for it: lists the files, says what it takes, shows the progress. Nothing here
 * runs before a click. The download itself is `shelf/download.ts`.
 */
import {
  commands,
  env,
  l10n,
  ProgressLocation,
  type SecretStorage,
  StatusBarAlignment,
  Uri,
  window,
  workspace,
} from 'vscode';
import { systemClock } from '../common/clock';
import { currentHub } from '../settings/settings.vscode';
import { downloadModel, spaceNeeded } from '../shelf/download';
import { createProgressMeter, type Progress } from '../shelf/download-progress';
import { repositoryFolder } from '../shelf/downloaded-models';
import { type Hub, HubError } from '../shelf/hub-requests';
import { realDisk } from '../shelf/part-file';
import { listFiles, modelsIn, type RepositoryModel, type RepositoryName } from '../shelf/repository';
import { formatBytes } from './describe-model';
import { toAbortSignal } from './inline-completion-provider';

export interface DownloadRequest extends RepositoryName {
  /** Which of the repository's models is wanted. Without it, and without a file, the user chooses. */
  readonly prefers?: RegExp;
  /** Said when the user is asked. */
  readonly licence?: string;
  /** The user has agreed already: this goes on with a download that was stopped. */
  readonly isAgreed?: boolean;
}

export interface ModelDownloads {
  /** @returns the path of the model; undefined if there is none, which the user knows */
  download(request: DownloadRequest): Promise<string | undefined>;
  /** Whether a token for the hub is kept. */
  hasToken(): Promise<boolean>;
  forgetToken(): Promise<void>;
}

/** @param modelsFolder where downloaded models lie */
export function createModelDownloads(
  modelsFolder: string,
  secrets: SecretStorage,
  log: (line: string) => void,
): ModelDownloads {
  let isDownloading = false;
  const tokenKey = () => `token ${new URL(currentHub()).origin}`;
  const settingIsRight = () => {
    try {
      return currentHub() !== '';
    } catch {
      return false;
    }
  };
  const currentConnection = async (): Promise<Hub> => ({
    address: currentHub(),
    token: await secrets.get(tokenKey()),
    // VS Code's own modules follow its proxy and certificates, but leave this one to the extension.
    acceptsAnyCertificate: workspace.getConfiguration('http').get('proxyStrictSSL') === false,
  });

  /** @param agreed is told when the user has agreed, who is not asked again when something fails then */
  const tryDownload = async (request: DownloadRequest, agreed: () => void): Promise<string | undefined> => {
    const hub = await currentConnection();
    const model = await chooseModelOf(request, hub);
    if (model === undefined) return undefined;
    const folder = repositoryFolder(modelsFolder, request.repository);
    if (!request.isAgreed && !(await askUser(request, model, folder, hub))) return undefined;
    agreed();
    return runDownload(request, model, folder, hub);
  };

  const runDownload = async (
    { repository }: DownloadRequest,
    model: RepositoryModel,
    folder: string,
    hub: Hub,
  ): Promise<string | undefined> => {
    const name = model.path === '' ? repository : model.path;
    log(`download of ${repository}/${model.path} begins: ${formatBytes(model.bytes)} from ${hub.address}`);
    const path = await showProgress(name, model.bytes, (onProgress, signal) =>
      downloadModel(model, { hub, repository, folder, clock: systemClock, onProgress }, signal),
    );
    log(
      path === undefined ? `download of ${name} is stopped` : `download of ${name} is complete and verified`,
    );
    return path;
  };

  const askForToken = async (): Promise<boolean> => {
    const host = new URL(currentHub()).host;
    const token = await window.showInputBox({
      title: l10n.t('Access token of {0}', host),
      prompt: l10n.t("It is kept in VS Code's secret storage and sent to {0} only.", host),
      password: true,
      ignoreFocusOut: true,
    });
    if (!token?.trim()) return false;
    await secrets.store(tokenKey(), token.trim());
    return true;
  };

  /** Asks what to do about a fault. @returns whether to try again */
  const askAboutFault = async (error: Error, { repository }: DownloadRequest): Promise<boolean> => {
    log(`download failed: ${error.message}`);
    const isToken = error instanceof HubError && error.kind === 'token';
    const [enter, page, again] = [l10n.t('Enter Token…'), l10n.t('Open Its Page'), l10n.t('Try Again')];
    const ways = isToken ? [enter, page] : [again];
    const chosen = await window.showErrorMessage(`Sotto: ${error.message}`, ...ways);
    if (chosen === page) await env.openExternal(Uri.parse(`${currentHub()}/${repository}`));
    return chosen === again || (chosen === enter && (await askForToken()));
  };

  return {
    async download(request) {
      if (isDownloading) {
        void window.showWarningMessage(l10n.t('Sotto is downloading a model already.'));
        await commands.executeCommand('notifications.showList');
        return undefined;
      }
      isDownloading = true;
      let isAgreed = request.isAgreed ?? false;
      const agreed = () => {
        isAgreed = true;
      };
      try {
        for (;;) {
          try {
            return await tryDownload({ ...request, isAgreed }, agreed);
          } catch (error) {
            if (!(await askAboutFault(error as Error, request))) return undefined;
          }
        }
      } finally {
        isDownloading = false;
      }
    },
    // A wrong setting has no token. The download says what is wrong with it.
    hasToken: async () => settingIsRight() && (await secrets.get(tokenKey())) !== undefined,
    forgetToken: async () => secrets.delete(tokenKey()),
  };
}

/** Asks the hub which models the repository has, and the user which of them is meant. */
async function chooseModelOf(
  { repository, file, prefers }: DownloadRequest,
  hub: Hub,
): Promise<RepositoryModel | undefined> {
  const { host } = new URL(hub.address);
  const models = await window.withProgress(
    {
      location: ProgressLocation.Notification,
      cancellable: true,
      title: l10n.t('Sotto: asking {0} for the files of {1}', host, repository),
    },
    async (_, token) => {
      const { signal, dispose } = toAbortSignal(token);
      try {
        return modelsIn(await listFiles(hub, repository, signal));
      } catch (error) {
        if (signal.aborted) return undefined;
        throw error;
      } finally {
        dispose();
      }
    },
  );
  if (models === undefined) return undefined;
  if (models.length === 0)
    throw new HubError(
      l10n.t(
        '{0} has no model that Sotto could read: no GGUF file, and no model.safetensors with a config.json',
        repository,
      ),
      'refused',
    );
  if (file !== undefined) {
    const found = models.find(({ files }) => files.some(({ path }) => path === file));
    if (found === undefined) throw new HubError(l10n.t('{0} has no model {1}', repository, file), 'refused');
    return found;
  }
  const preferred = models.find(({ path }) => prefers?.test(path));
  if (preferred !== undefined) return preferred;
  const items = models.map(model => ({
    label: model.path === '' ? l10n.t('The whole model as safetensors') : model.path,
    description: formatBytes(model.bytes),
    model,
  }));
  const title = l10n.t('Which file of {0}?', repository);
  return (await window.showQuickPick(items, { title, matchOnDescription: true }))?.model;
}

/** Says what is downloaded and what it takes. @returns whether the user wants it */
async function askUser(
  { repository, licence }: DownloadRequest,
  model: RepositoryModel,
  folder: string,
  hub: Hub,
): Promise<boolean> {
  const name = model.path === '' ? repository : `${repository}/${model.path}`;
  const detail = [
    l10n.t('From {0}, {1}.', hub.address, formatBytes(model.bytes)),
    ...(licence === undefined ? [l10n.t('Its licence is on its page.')] : [l10n.t('Licence: {0}.', licence)]),
    l10n.t(
      'With the copy that is prepared at its first use it needs {0}; the disk has {1} free.',
      formatBytes(await spaceNeeded(model, folder)),
      formatBytes(await realDisk.freeBytes(folder)),
    ),
    l10n.t('It goes to {0}.', folder),
  ];
  const download = l10n.t('Download');
  const options = { modal: true, detail: detail.join('\n') };
  return (await window.showInformationMessage(l10n.t('Download {0}?', name), options, download)) === download;
}

/** Not at every chunk, of which there are thousands a second. */
const reportEveryMs = 250;

/** Shows the progress in a notification that can cancel it, and in the status bar. */
async function showProgress<T>(
  name: string,
  bytes: number,
  work: (onProgress: (bytes: number) => void, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const item = window.createStatusBarItem('sotto.download', StatusBarAlignment.Right, 99);
  item.name = l10n.t('Sotto: download');
  item.command = 'notifications.showList';
  const options = {
    location: ProgressLocation.Notification,
    cancellable: true,
    title: l10n.t('Sotto: downloading {0}', name),
  };
  try {
    return await window.withProgress(options, async (progress, token) => {
      const { signal, dispose } = toAbortSignal(token);
      const meter = createProgressMeter(bytes);
      let last = Number.NEGATIVE_INFINITY;
      let shown = 0;
      const onProgress = (there: number) => {
        const now = performance.now();
        if (now - last < reportEveryMs && there < bytes) return;
        last = now;
        const state = meter.update(there, now);
        const percent = Math.floor(state.share * 100);
        const message = describeProgress(there, bytes, state);
        progress.report({ message, increment: percent - shown });
        shown = percent;
        item.text = `$(cloud-download) ${percent} %`;
        item.tooltip = `${options.title}: ${message}`;
        item.accessibilityInformation = { label: item.tooltip, role: 'button' };
        item.show();
      };
      try {
        return await work(onProgress, signal);
      } finally {
        dispose();
      }
    });
  } finally {
    item.dispose();
  }
}

function describeProgress(there: number, bytes: number, { share, speed, secondsLeft }: Progress): string {
  const percent = `${Math.floor(share * 100)} %`;
  const amount = l10n.t('{0} of {1}', formatBytes(there), formatBytes(bytes));
  if (speed === undefined || secondsLeft === undefined) return `${percent}, ${amount}`;
  return `${percent}, ${amount}, ${formatBytes(speed)}/s, ${l10n.t('{0} left', formatTime(secondsLeft))}`;
}

/** `0:05`, `12:30`, `1:02:03` */
function formatTime(seconds: number): string {
  const whole = Math.ceil(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
