/**
 * The command 'Choose Model': the list of models, and what happens when one of them is chosen or removed. It asks the
 * network for nothing before the user chooses a download.
 */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { env, l10n, type SecretStorage, Uri, window, workspace } from 'vscode';
import { currentHub } from '../settings/settings.vscode';
import {
  downloadedModels,
  removeModel,
  removeUnfinished,
  unfinishedDownloads,
} from '../shelf/downloaded-models';
import type { MeasuredSpeeds } from '../shelf/measured-speeds';
import type { FoundModel } from '../shelf/model-facts';
import { readRepositoryName } from '../shelf/repository';
import { askForFile, chooseModel } from './choose-model';
import { explainNumbers, formatBytes, percentOf } from './describe-model';
import { createModelDownloads, type DownloadRequest } from './download-model';
import type { ShelfAction, ShelfItem } from './shelf-items';
import { openShelfList } from './shelf-list';

/** A model that ships with Sotto. */
export interface BoxModel {
  /** What the setting `sotto.model` has for it. */
  readonly value: string;
  /** Its folder. */
  readonly path: string;
}

export interface ModelShelfOptions {
  readonly box: readonly BoxModel[];
  /** The bundled `inspection.js`. */
  readonly inspectionEntry: string;
  /** The extension's own folder, where downloads go. */
  readonly storage: string;
  readonly secrets: SecretStorage;
  readonly speeds: Pick<MeasuredSpeeds, 'of'>;
  readonly log: (line: string) => void;
}

export interface ModelShelf {
  show(): Promise<void>;
  /** Asks about downloads that ended with VS Code. */
  askAboutInterrupted(): Promise<void>;
}

export function createModelShelf(options: ModelShelfOptions): ModelShelf {
  const { box, inspectionEntry, storage, secrets, speeds, log } = options;
  const modelsFolder = join(storage, 'models');
  const downloads = createModelDownloads(modelsFolder, secrets, log);

  const show = async () => {
    openShelfList({
      state: {
        box: box.map(({ value, path }) => [value, boxModel(path)]),
        downloaded: downloadedModels(modelsFolder),
        unfinished: unfinishedDownloads(modelsFolder),
        speeds,
        current: currentValue(),
        hub: { host: hostOfHub(), hasToken: await downloads.hasToken() },
      },
      inspectionEntry,
      cacheFile: join(storage, 'inspected-models.json'),
      log,
      onAccept: ({ action }) => void act(action),
      onButton: ({ item }) => void (item.removes === undefined ? openPage(item) : remove(item)),
      onInfo: async () => {
        const detail = explainNumbers();
        await window.showInformationMessage(l10n.t('The numbers of the list'), { modal: true, detail });
        await show();
      },
    });
  };

  const act = async (action: ShelfAction | undefined): Promise<void> => {
    switch (action?.type) {
      case 'use':
        return chooseModel(action.value);
      case 'say-why-not':
        return void window.showWarningMessage(l10n.t('Sotto cannot run {0}: {1}', action.name, action.why));
      case 'download':
        return download(action.request);
      case 'choose-file': {
        const path = await askForFile();
        return path === undefined ? undefined : chooseModel(path);
      }
      case 'name-repository': {
        const request = await askForRepository();
        return request === undefined ? undefined : download(request);
      }
      case 'forget-token':
        return downloads.forgetToken();
      case undefined:
        return undefined;
    }
  };

  const download = async (request: DownloadRequest): Promise<void> => {
    const path = await downloads.download(request);
    if (path !== undefined) await chooseModel(path);
  };

  /** Asks, removes, and shows the list again: the question has hidden it. */
  const remove = async ({ removes }: ShelfItem): Promise<void> => {
    if (removes === undefined) return;
    const [name, bytes] =
      'model' in removes
        ? [removes.model.name, removes.model.bytes]
        : [removes.unfinished.goal.path, removes.unfinished.bytes];
    const yes = l10n.t('Remove');
    const detail = l10n.t('{0} become free.', formatBytes(bytes));
    const answer = await window.showWarningMessage(l10n.t('Remove {0}?', name), { modal: true, detail }, yes);
    try {
      if (answer === yes && 'model' in removes) {
        // The bundled model takes its place, before the file goes.
        if (currentValue() === removes.model.path) await chooseModel('');
        removeModel(modelsFolder, removes.model.path);
      } else if (answer === yes && 'unfinished' in removes)
        removeUnfinished(modelsFolder, removes.unfinished);
    } catch (error) {
      void window.showErrorMessage(`Sotto: ${(error as Error).message}`);
    }
    await show();
  };

  return {
    show,
    async askAboutInterrupted() {
      for (const unfinished of unfinishedDownloads(modelsFolder).filter(({ wasKilled }) => wasKilled)) {
        const { goal, bytes, part } = unfinished;
        const percent = percentOf(bytes, goal.bytes);
        const [again, away] = [l10n.t('Resume'), l10n.t('Remove')];
        const message = l10n.t('Sotto: the download of {0} was interrupted at {1} %.', goal.path, percent);
        const chosen = await window.showInformationMessage(message, again, away);
        // Now it is stopped by the user, who is not asked again.
        rmSync(`${part}.lock`, { force: true });
        if (chosen === again)
          await download({ repository: goal.repository, file: goal.path, isAgreed: true });
        else if (chosen === away) removeUnfinished(modelsFolder, unfinished);
      }
    },
  };
}

function boxModel(path: string): FoundModel {
  const weights = readdirSync(path).filter(name => /\.(?:gguf|safetensors)$/.test(name));
  const bytes = weights.reduce((sum, name) => sum + statSync(join(path, name)).size, 0);
  return { program: 'Sotto', name: basename(path), path, bytes };
}

function currentValue(): string {
  return String(workspace.getConfiguration('sotto').get('model') || 'automatic');
}

function hostOfHub(): string {
  try {
    return new URL(currentHub()).host;
  } catch {
    // A download says what is wrong with the setting.
    return 'sotto.hub';
  }
}

async function openPage({ page }: ShelfItem): Promise<void> {
  await env.openExternal(Uri.parse(`${currentHub()}/${page}`));
}

async function askForRepository(): Promise<DownloadRequest | undefined> {
  const typed = await window.showInputBox({
    title: l10n.t('A repository of {0}', hostOfHub()),
    prompt: l10n.t('OWNER/NAME, or OWNER/NAME/FILE.gguf. The hub is then asked for its files.'),
    placeHolder: 'Qwen/Qwen2.5-Coder-1.5B',
    validateInput: text =>
      text.trim() === '' || readRepositoryName(text) !== undefined
        ? undefined
        : l10n.t('Expected OWNER/NAME, or OWNER/NAME/FILE.gguf.'),
  });
  return readRepositoryName(typed ?? '');
}
