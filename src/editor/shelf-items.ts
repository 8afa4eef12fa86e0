/** The rows of the shelf. Each says what happens when it is chosen or removed; nothing happens here. */
import { l10n, type QuickPickItem, QuickPickItemKind, ThemeIcon } from 'vscode';
import { type CatalogueModel, catalogue } from '../shelf/catalogue';
import type { UnfinishedDownload } from '../shelf/downloaded-models';
import { type Cost, estimateSpeed, type MeasuredModel } from '../shelf/estimate-speed';
import type { MeasuredSpeeds } from '../shelf/measured-speeds';
import type { FoundModel, Inspection } from '../shelf/model-facts';
import {
  describeCatalogueModel,
  describeLicence,
  describeModel,
  formatBytes,
  percentOf,
  type Speed,
} from './describe-model';
import type { DownloadRequest } from './download-model';

export interface ShelfItem extends QuickPickItem {
  /** Absent for a heading. */
  readonly action?: ShelfAction;
  readonly removes?: { readonly model: FoundModel } | { readonly unfinished: UnfinishedDownload };
  /** A repository's page on the hub. */
  readonly page?: string;
}

export type ShelfAction =
  /** @param value of the setting `sotto.model` */
  | { readonly type: 'use'; readonly value: string }
  | { readonly type: 'say-why-not'; readonly name: string; readonly why: string }
  | { readonly type: 'download'; readonly request: DownloadRequest }
  | { readonly type: 'choose-file' | 'name-repository' | 'forget-token' };

export interface ShelfState {
  /** Those that ship with Sotto, with the value that the setting has for them. */
  readonly box: readonly (readonly [value: string, model: FoundModel])[];
  readonly downloaded: readonly FoundModel[];
  readonly unfinished: readonly UnfinishedDownload[];
  /** In other programs' folders. */
  readonly found: readonly FoundModel[];
  /** By path; those that are not inspected yet are missing. */
  readonly inspections: ReadonlyMap<string, Inspection>;
  readonly speeds: Pick<MeasuredSpeeds, 'of'>;
  /** The value of the setting. */
  readonly current: string;
  readonly hub: { readonly host: string; readonly hasToken: boolean };
}

export function shelfItems(state: ShelfState): readonly ShelfItem[] {
  const { box, downloaded, unfinished, found, hub } = state;
  const sections: readonly (readonly [string, readonly ShelfItem[]])[] = [
    [
      l10n.t('In the box'),
      [automaticItem(state), ...box.map(([value, model]) => modelItem(state, model, value))],
    ],
    [
      l10n.t('Downloaded'),
      [...downloaded.map(model => downloadedItem(state, model)), ...unfinished.map(unfinishedItem)],
    ],
    [l10n.t('On this machine'), found.map(model => foundItem(state, model))],
    [l10n.t('To download from {0}', hub.host), catalogue.map(model => catalogueItem(state, model))],
    [l10n.t('Others'), otherItems(hub)],
  ];
  return sections.flatMap(([label, items]) =>
    items.length === 0 ? [] : [{ label, kind: QuickPickItemKind.Separator }, ...items],
  );
}

/** What a row is called, without its icon, which changes. */
export function nameOf({ label }: QuickPickItem): string {
  return label.replace(/^\$\([^)]*\) /, '');
}

function automaticItem({ current }: ShelfState): ShelfItem {
  const isCurrent = current === 'automatic';
  return {
    label: `$(${isCurrent ? 'check' : 'circle-outline'}) ${l10n.t('Automatic')}`,
    description: isCurrent ? l10n.t('in use') : '',
    detail: l10n.t('the large model where it is in time, the small one elsewhere and on a battery'),
    action: { type: 'use', value: 'automatic' },
  };
}

function modelItem(state: ShelfState, model: FoundModel, value: string): ShelfItem {
  const inspection = state.inspections.get(model.path);
  const isCurrent = value === state.current;
  const why = inspection !== undefined && 'cannotRun' in inspection ? inspection.cannotRun : undefined;
  const icon = isCurrent ? 'check' : why === undefined ? 'circle-outline' : 'error';
  return {
    label: `$(${icon}) ${model.name}`,
    description: isCurrent ? l10n.t('in use') : '',
    detail: describeModel(model.bytes, inspection, speedOf(state, model.path)),
    action: why === undefined ? { type: 'use', value } : { type: 'say-why-not', name: model.name, why },
  };
}

function downloadedItem(state: ShelfState, model: FoundModel): ShelfItem {
  return { ...modelItem(state, model, model.path), buttons: [removeButton()], removes: { model } };
}

function unfinishedItem(unfinished: UnfinishedDownload): ShelfItem {
  const { goal, bytes } = unfinished;
  const { repository, path } = goal;
  return {
    label: `$(debug-pause) ${repository}/${path}`,
    description: l10n.t('{0} % downloaded', percentOf(bytes, goal.bytes)),
    detail: l10n.t('{0} of {1}; choose it to resume', formatBytes(bytes), formatBytes(goal.bytes)),
    action: { type: 'download', request: { repository, file: path, isAgreed: true } },
    buttons: [removeButton()],
    removes: { unfinished },
  };
}

function foundItem(state: ShelfState, model: FoundModel): ShelfItem {
  const item = modelItem(state, model, model.path);
  const description = [model.program, item.description].filter(text => text !== '').join(' · ');
  return { ...item, description };
}

function catalogueItem(state: ShelfState, model: CatalogueModel): ShelfItem {
  const { name, repository, file, bytes } = model;
  // Its layers are in its header, which is not here yet. They would change little at this size.
  const speed = estimated(state, { bytesPerToken: bytes, layers: 0 });
  return {
    label: `$(cloud-download) ${name}`,
    description: repository,
    detail: describeCatalogueModel(model, speed),
    action: { type: 'download', request: { repository, prefers: file, licence: describeLicence(model) } },
    buttons: [{ iconPath: new ThemeIcon('link-external'), tooltip: l10n.t('Open Its Page in the Browser') }],
    page: repository,
  };
}

function otherItems({ host, hasToken }: ShelfState['hub']): readonly ShelfItem[] {
  return [
    { label: `$(folder-opened) ${l10n.t('Choose a file…')}`, action: { type: 'choose-file' } },
    { label: `$(repo) ${l10n.t('Name a repository…')}`, action: { type: 'name-repository' } },
    ...(hasToken
      ? [
          {
            label: `$(key) ${l10n.t('Forget the token of {0}', host)}`,
            action: { type: 'forget-token' } as const,
          },
        ]
      : []),
  ];
}

function removeButton() {
  return { iconPath: new ThemeIcon('trash'), tooltip: l10n.t('Remove From This Machine') };
}

function speedOf(state: ShelfState, path: string): Speed | undefined {
  const value = state.speeds.of(path);
  if (value !== undefined) return { value, isMeasured: true };
  const inspection = state.inspections.get(path);
  return inspection !== undefined && 'facts' in inspection ? estimated(state, inspection.facts) : undefined;
}

/** @returns undefined as long as no model was measured */
function estimated({ inspections, speeds }: ShelfState, cost: Cost): Speed | undefined {
  let largest: MeasuredModel | undefined;
  for (const [path, inspection] of inspections) {
    const tokensPerSecond = speeds.of(path);
    if (tokensPerSecond === undefined || 'cannotRun' in inspection) continue;
    // The largest is most like those that are estimated from it.
    if (inspection.facts.bytesPerToken > (largest?.bytesPerToken ?? 0))
      largest = { ...inspection.facts, tokensPerSecond };
  }
  return largest && { value: estimateSpeed(cost, largest), isMeasured: false };
}
