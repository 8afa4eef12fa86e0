/** Cuts a suggestion before characters that must never reach the editor: hidden ones, marks of training, half characters. */
import { wholeCharacters } from '../../document/words';
import type { TextFilter } from './filter';

/**
 * Cuts a suggestion before the first character that a reader cannot see, or that changes how other characters are shown.
 * Code must do what it seems to do (Boucher and Anderson, Trojan Source, arXiv 2111.00169). Half of a surrogate pair and
 * the mark of undecodable bytes are cut too.
 */
export const cutHiddenCharacters: TextFilter = text => {
  const hidden = hiddenCharacter.exec(text);
  return hidden ? text.slice(0, hidden.index) : text;
};

const hiddenCharacter = new RegExp(
  [
    // Control characters except tab and line feed, and line ends that only some programs know.
    '[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u2028\\u2029]',
    // Bidirectional marks, embeddings, overrides and isolates.
    '[\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]',
    // Characters without width: spaces, word joiners, byte order mark, soft hyphen, invisible operators, fillers, tags.
    '[\\u00ad\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180e\\u200b\\u2060-\\u2065\\u206a-\\u206f\\u3164\\ufeff\\uffa0]',
    '[\\u{e0000}-\\u{e0fff}]',
    // Joiners of letters after ASCII. Emoji and Indic and Persian scripts need them after other characters.
    '(?<![^\\u0000-\\u007f])[\\u200c\\u200d]',
    // The mark of bytes that could not be decoded, and half of a surrogate pair.
    '[\\ufffc\\ufffd\\ud800-\\udfff]',
  ].join('|'),
  'u',
);

/**
 * Cuts a suggestion before a mark that models of any family are trained with, such as `<|fim_pad|>`. A model may spell a
 * mark letter by letter. If the document holds the mark, it is text like any other.
 */
export const cutTrainingMarks: TextFilter = (text, { prefix, suffix, languageId }) => {
  for (const { 0: mark, index } of text.matchAll(trainingMark)) {
    const opener = mark.replace('</', '<').replace('>', '');
    const isInDocument = [mark, opener].some(one => prefix.includes(one) || suffix.includes(one));
    const isTag = markupLanguages.has(languageId) && /^<\/?[a-z]+>$/.test(mark);
    if (!isInDocument && !isTag) return text.slice(0, index);
  }
  return text;
};

/** Names of marks in angle brackets, from the vocabularies of the families in `src/prompt/find-layout.ts` and others. */
const markNames = [
  's',
  'bos',
  'eos',
  'pad',
  'unk',
  'mask',
  'endoftext',
  'fim[-_](?:prefix|middle|suffix|pad)',
  'file[-_]sep(?:arator)?',
  'repo_?name',
  'filename',
  'gh_stars',
  'issue_(?:start|comment|closed)',
  'jupyter_(?:start|text|code|output|script)',
  'empty_output',
  'commit_(?:before|msg|after|message)',
  'pr(?:_\\w+)?',
  '(?:start|end)_of_turn',
  '(?:PRE|SUF|MID|EOT|FILL_ME)',
  '0x[0-9A-F]{2}',
].join('|');

const trainingMark = new RegExp(
  [
    '<\\|[A-Za-z_][\\w▁ -]{0,40}\\|>',
    '<｜[^｜<>\\n]{1,40}｜>',
    `▁?</?(?:${markNames})>`,
    '<<SYS>>|<</SYS>>',
    '\\[/?(?:PREFIX|SUFFIX|MIDDLE|INST|TOOL_CALLS|AVAILABLE_TOOLS|SYSTEM_PROMPT)\\]',
  ].join('|'),
  'g',
);

/** Languages in which `<s>` or `<filename>` may be a tag. */
const markupLanguages: ReadonlySet<string> = new Set([
  'html',
  'xml',
  'xsl',
  'vue',
  'svelte',
  'astro',
  'markdown',
  'mdx',
  'php',
  'handlebars',
  'razor',
  'javascriptreact',
  'typescriptreact',
]);

/** A model that ran out of tokens may stop inside a character as a reader sees it: `👩` and a joiner. */
export const dropHalfCharacter: TextFilter = text =>
  text.endsWith('\u200d') ? text.slice(0, wholeCharacters(text, text.length - 1)) : text;
