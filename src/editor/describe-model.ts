/** How the shelf describes a model in a line: size, quantisation, context, fill-in-the-middle, speed. */
import { l10n } from 'vscode';
import { type CatalogueModel, linesRightSource } from '../shelf/catalogue';
import type { Inspection } from '../shelf/model-facts';

export interface Speed {
  /** Tokens a second. */
  readonly value: number;
  /** Whether this model itself was measured. Otherwise it is worked out from another one. */
  readonly isMeasured: boolean;
}

/** @param inspection undefined while the model is not inspected yet */
export function describeModel(
  bytes: number,
  inspection: Inspection | undefined,
  speed: Speed | undefined,
): string {
  if (inspection === undefined) return joined([formatBytes(bytes), l10n.t('looking at it…')]);
  if ('cannotRun' in inspection)
    return joined([formatBytes(bytes), l10n.t('cannot run: {0}', inspection.cannotRun)]);
  const { architecture, quantisation, contextLength, fillInTheMiddle } = inspection.facts;
  const isFilling = fillInTheMiddle !== undefined;
  // A narrow window cuts the line, so what decides comes first.
  return joined([
    formatBytes(bytes),
    quantisation,
    ...(speed === undefined ? [] : [describeSpeed(speed)]),
    isFilling ? l10n.t('fills in the middle') : l10n.t('sees only the text before the cursor'),
    l10n.t('context of {0} tokens', formatNumber(contextLength)),
    architecture,
  ]);
}

export function describeCatalogueModel(model: CatalogueModel, speed: Speed | undefined): string {
  const { bytes, quantisation, linesRight } = model;
  return joined([
    formatBytes(bytes),
    quantisation,
    ...(speed === undefined ? [] : [describeSpeed(speed)]),
    describeLicence(model),
    ...(linesRight === undefined ? [] : [l10n.t('{0} % of lines right', linesRight.toFixed(1))]),
  ]);
}

export function describeLicence({ licence, restriction }: CatalogueModel): string {
  const restrictions = {
    'not for commercial use': l10n.t('not for commercial use'),
    'some uses are excluded': l10n.t('some uses are excluded'),
  };
  return restriction === undefined ? licence : `${licence} (${restrictions[restriction]})`;
}

/** What the numbers of the list mean, for a button beside its title. */
export function explainNumbers(): string {
  return [
    l10n.t(
      'A measured speed is that of the answers that the model gave on this machine. An estimated speed is worked out from a measured model: a token takes as long as the reading of the weights, and a little for each layer.',
    ),
    l10n.t(
      'Lines right: how many single lines the unrounded model fills in exactly, the mean over Python, Java and JavaScript ({0}).',
      linesRightSource,
    ),
    l10n.t('All models to download fill in the middle: they see the text after the cursor too.'),
  ].join('\n\n');
}

function describeSpeed({ value, isMeasured }: Speed): string {
  const speed = value < 10 ? value.toFixed(1) : formatNumber(Math.round(value));
  return isMeasured
    ? l10n.t('{0} tokens/s, measured', speed)
    : l10n.t('about {0} tokens/s, estimated', speed);
}

/** As file managers and hubs write sizes: a thousand bytes are a kilobyte. */
export function formatBytes(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(2)} GB`;
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB` : `${Math.ceil(bytes / 1e3)} kB`;
}

export function percentOf(bytes: number, total: number): number {
  return Math.floor((bytes / Math.max(1, total)) * 100);
}

function formatNumber(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

function joined(parts: readonly string[]): string {
  return parts.join(' · ');
}
