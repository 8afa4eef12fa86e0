import { greedy } from '../../src/generation/engine';
import type { CompletionSettings } from '../../src/settings/settings';

/** The calibration of the bundled model: words are a little less likely than the model says. */
export const testCalibration = { bias: 0.038, logit: 0.739 };

export const testSettings: CompletionSettings = {
  enable: true,
  languages: { '*': true, markdown: false },
  exclude: [],
  inComments: true,
  inStrings: true,
  pauseOnBattery: false,
  debounce: 75,
  maxTokens: 64,
  maxTime: 3000,
  minConfidence: 0.3,
  learn: false,
  copies: true,
  addImports: true,
  contextTokens: 512,
  otherFiles: 'auto',
  fillInTheMiddle: 'auto',
  sampling: greedy,
};
