/** Finds the texts of a TypeScript source that a user reads and that do not pass through `l10n.t`. */
import { parseAst } from 'vitest/node';

/** The part of an ESTree node that all nodes have. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: unknown;
}

/** Several words are a text for somebody, wherever they stand. Markup and identifiers have no such words. */
const prose = /\p{L}{2,}[,;:.!?…'’")]* [("'“]?\p{L}/u;
/** VS Code shows these, so even one word in them is a text. */
const shownProperties = /^(label|title|detail|description|tooltip|placeHolder|prompt|openLabel|saveLabel)$/;
const shownArguments = /^(show(Information|Warning|Error)Message|setStatusBarMessage)$/;
const word = /\p{L}{2,}/u;
/** Names that every language has as they are, and icons. */
const names =
  /\$\([a-z~-]+\)|\{\}|\S+\/\S+|Windsurf \(Codeium\)|\b(Sotto|VS Code|GitHub Copilot|Gemini Code Assist|Amazon Q|KV cache)\b/g;
/** Where a text goes to the log or is a fault of ours. Both stay English. */
const unseenCalls = /^((\w*\.)?log|log\.\w+|logFault|(Type|Range)?Error)$/;

/**
 * @param inLog names of functions and constants that only make lines of the log
 * @returns each text with its line, such as `12: Open Setting`
 */
export function untranslatedTexts(source: string, inLog: readonly string[] = []): readonly string[] {
  const found: string[] = [];
  const visit = (node: Node, isShown: boolean) => {
    if (isTranslation(node) && !isLiteral(node))
      found.push(`${lineOf(source, node)}: l10n.t takes no literal here`);
    if (isSkipped(node, inLog)) return;
    const text = textOf(node);
    if (text !== undefined && isText(text, isShown)) found.push(`${lineOf(source, node)}: ${text}`);
    for (const [field, child] of childrenOf(node))
      if (!(node.type === 'Property' && field === 'key'))
        visit(child, isShownIn(node, field, isShown) && !isIcon(node, child));
  };
  visit(parse(source), false);
  return found;
}

/** Calls of `l10n.t` that run when their file is loaded, each with its line. The language is not known then. */
export function textsOfLoading(source: string): readonly number[] {
  const found: number[] = [];
  const visit = (node: Node) => {
    if (/Function|PropertyDefinition/.test(node.type)) return;
    if (isTranslation(node)) found.push(lineOf(source, node));
    for (const [, child] of childrenOf(node)) visit(child);
  };
  visit(parse(source));
  return found;
}

function lineOf(source: string, { start }: Node): number {
  return source.slice(0, start).split('\n').length;
}

function parse(source: string): Node {
  return parseAst(source, { lang: 'ts' }) as unknown as Node;
}

function* childrenOf(node: Node): Generator<readonly [field: string, child: Node]> {
  for (const [field, value] of Object.entries(node))
    for (const child of Array.isArray(value) ? value : [value])
      if (typeof child?.type === 'string') yield [field, child];
}

function isText(text: string, isShown: boolean): boolean {
  const own = text.replaceAll(names, '');
  return prose.test(own) || (isShown && word.test(own));
}

/** The text of a literal; `{}` stands for an inserted value. */
function textOf({ type, value, quasis }: Node): string | undefined {
  if (type === 'Literal' && typeof value === 'string') return value;
  if (type !== 'TemplateLiteral') return undefined;
  return (quasis as readonly { value: { cooked: string } }[]).map(quasi => quasi.value.cooked).join('{}');
}

function isSkipped(node: Node, inLog: readonly string[]): boolean {
  if (/^(Import|Export(All|Named)|TSLiteralType|TSInterface|TSTypeAlias)/.test(node.type))
    return node.type !== 'ExportNamedDeclaration' || node['declaration'] === null;
  if (isTranslation(node)) return true;
  const name = (node['id'] as Node | null | undefined)?.['name'];
  if (typeof name === 'string' && inLog.includes(name)) return true;
  return isCall(node) && unseenCalls.test(calleeOf(node));
}

function isTranslation(node: Node): boolean {
  return isCall(node) && calleeOf(node) === 'l10n.t';
}

/** The tool that collects the texts finds only literals. */
function isLiteral(translation: Node): boolean {
  const [text] = translation['arguments'] as readonly Node[];
  return text?.type === 'Literal';
}

function isCall({ type }: Node): boolean {
  return type === 'CallExpression' || type === 'NewExpression';
}

/** Such as `log.info`. */
function calleeOf(call: Node): string {
  const { type, name, object, property } = call['callee'] as Record<string, unknown>;
  if (type === 'Identifier') return String(name);
  const [owner, member] = [object, property] as readonly (Record<string, unknown> | undefined)[];
  return `${owner?.['name'] ?? ''}.${member?.['name'] ?? ''}`;
}

/** Whether VS Code shows what stands in this field. A choice between two texts passes it on. */
function isShownIn(node: Node, field: string, isShown: boolean): boolean {
  if (node.type === 'Property') return field === 'value' && shownProperties.test(nameOf(node['key']));
  if (node.type === 'AssignmentExpression')
    return field === 'right' && shownProperties.test(nameOf((node['left'] as Node)['property']));
  if (isCall(node)) return field === 'arguments' && shownArguments.test(calleeOf(node).replace(/^.*\./, ''));
  if (node.type === 'ConditionalExpression') return isShown && field !== 'test';
  return isShown && /^(LogicalExpression|TemplateLiteral|TSAsExpression)$/.test(node.type);
}

/** Whether a value of a template names an icon, as in `$(${name}) Log`. */
function isIcon({ type, expressions, quasis }: Node, child: Node): boolean {
  if (type !== 'TemplateLiteral') return false;
  const before = (quasis as readonly { value: { cooked: string } }[])[
    (expressions as readonly Node[]).indexOf(child)
  ];
  return before?.value.cooked.endsWith('$(') ?? false;
}

function nameOf(key: unknown): string {
  return String((key as Node | undefined)?.['name'] ?? '');
}
