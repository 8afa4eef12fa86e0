/** What the page of the statistics is told: its words, its language, and the settings that it shows. Types only. */

/** The words of the page, in the user's language. `{0}` stands for a value. */
export interface PageWords {
  readonly title: string;
  readonly privacy: string;
  readonly nothingYet: string;
  readonly overview: string;
  readonly today: string;
  readonly week: string;
  readonly all: string;
  readonly keys: string;
  readonly shown: string;
  readonly accepted: string;
  readonly kept: string;
  readonly keptAtSave: string;
  readonly usualTime: string;
  readonly byDay: string;
  readonly byTime: string;
  readonly byLanguage: string;
  readonly bySource: string;
  readonly byConfidence: string;
  readonly aboutConfidence: string;
  readonly day: string;
  readonly time: string;
  readonly language: string;
  readonly source: string;
  readonly confidence: string;
  readonly right: string;
  readonly asTable: string;
  /** `under {0} ms`, `{0} ms and more` */
  readonly under: string;
  readonly andMore: string;
  readonly thresholds: string;
  readonly aboutThresholds: string;
  readonly learningIsOff: string;
  readonly setting: string;
  readonly learned: string;
  readonly judged: string;
  readonly exportAsJson: string;
  readonly reset: string;
  readonly erase: string;
  /** The name of a source of suggestions; one that is not here is printed as it is. */
  readonly sources: Readonly<Record<string, string>>;
}

export interface PageOptions {
  readonly words: PageWords;
  /** The user's language, such as `en` or `zh-cn`. */
  readonly locale: string;
  readonly today: string;
  /** The user's `sotto.minConfidence`, and whether `sotto.learn` is on. */
  readonly base: number;
  readonly isLearning: boolean;
  /** A random text. The content policy allows only scripts and styles that carry it. */
  readonly nonce: string;
}

/** The same with what follows from it. */
export interface Page extends PageOptions {
  readonly isRightToLeft: boolean;
  readonly number: (value: number) => string;
  readonly percent: (share: number) => string;
}
