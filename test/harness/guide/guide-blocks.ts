/** What a test does with one fenced block of a guide. */
export type BlockUse =
  | { use: 'run'; exit: number; eventually: boolean }
  | { use: 'file'; path: string }
  | { use: 'output' }
  | { use: 'skip' };

export type Block = BlockUse & {
  /** Where the block begins in its page, from 1. */
  line: number;
  text: string;
};

const FENCE = /^( *)(`{3,})(\S*) *(.*)$/;
const ATTRIBUTE = /([\w-]+)(?:=("[^"]*"|\S+))?/g;
const SHELL = new Set(['sh', 'bash']);
/** Shown to people, and nothing a machine could run. */
const PICTURES = new Set(['', 'text', 'mermaid']);

/**
 * The fenced blocks of a page in their order. The words after the language say what becomes of a block: see test/README.md.
 *
 * @throws for a block that would be neither run, written, compared nor left out on purpose
 */
export function guideBlocks(page: string): Block[] {
  const lines = page.split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const [, indent = '', ticks, language = '', words = ''] = FENCE.exec(lines[at] ?? '') ?? [];
    if (!ticks) continue;
    const begin = at + 1;
    const end = lines.findIndex((line, index) => index >= begin && line.trim() === ticks);
    if (end < 0) throw new Error(`line ${begin}: the block has no end`);
    const text = lines.slice(begin, end).map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
    const use = blockUse(language, words, begin);
    if (use) blocks.push({ ...use, line: begin, text: `${text.join('\n')}\n` });
    at = end;
  }
  return blocks;
}

function blockUse(language: string, words: string, line: number): BlockUse | undefined {
  const attributes = new Map(
    [...words.matchAll(ATTRIBUTE)].map(([, name = '', value = '']) => [name, value.replaceAll('"', '')]),
  );
  const unknown = [...attributes.keys()].filter(
    (name) => !['file', 'output', 'skip', 'exit', 'eventually'].includes(name),
  );
  if (unknown.length > 0) throw new Error(`line ${line}: nobody knows the words ${unknown.join(', ')} of this block`);
  const path = attributes.get('file');
  if (path) return { use: 'file', path };
  if (attributes.has('output')) return { use: 'output' };
  if (attributes.has('skip')) {
    if (attributes.get('skip')) return { use: 'skip' };
    throw new Error(`line ${line}: the block is left out without a reason; write skip="…"`);
  }
  if (SHELL.has(language)) {
    return { use: 'run', exit: Number(attributes.get('exit') ?? 0), eventually: attributes.has('eventually') };
  }
  if (PICTURES.has(language)) return undefined;
  throw new Error(`line ${line}: a ${language} block that nothing checks; give it file=PATH, output or skip="why"`);
}

/** The programs that a guide calls, of those asked for. */
export function programsOf(blocks: Block[], asked: string[]): string[] {
  const code = blocks.flatMap((block) => (block.use === 'run' ? [block.text] : [])).join('\n');
  return asked.filter((program) => new RegExp(`(^|[;&|(]|\\$\\()\\s*${program}\\s`, 'm').test(code));
}

/**
 * Whether what was printed is what the page shows. `…` stands for any text in a line; a line that is only `…` stands for
 * any number of lines. White space at the end of lines and of the whole does not count.
 */
export function showsSame(shown: string, printed: string): boolean {
  const pattern = tidy(shown)
    .split('\n')
    .map((line) => (line.trim() === '…' ? '(?:.*\n)*?' : `${line.split('…').map(literally).join('.*')}\n`))
    .join('');
  return new RegExp(`^${pattern}$`).test(`${tidy(printed)}\n`);
}

const literally = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
const tidy = (text: string) => text.replace(/[ \t]+$/gm, '').trim();
