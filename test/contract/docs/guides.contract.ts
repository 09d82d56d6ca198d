import { describe, expect, it } from '@jest/globals';
import { guideBlocks, programsOf, showsSame } from '../../harness/guide/guide-blocks.js';
import { GuideWalk } from '../../harness/guide/guide-walk.js';

const block = (words: string, text: string) => `\`\`\`${words}\n${text}\n\`\`\`\n`;

async function follow(...blocks: string[]): Promise<void> {
  const walk = await GuideWalk.begin(guideBlocks(blocks.join('\nsome words\n\n')));
  try {
    await walk.toTheEnd();
  } finally {
    await walk.end();
  }
}

// The end-to-end test of the guides is worth as much as the mistakes it finds.
describe('the walk through a guide', () => {
  it('writes files, runs one shell from block to block, and compares what it prints', async () => {
    await follow(
      block('yaml file=a/b.yaml', 'x: 1'),
      block('sh', 'cd a\nexport WORD=two'),
      block('bash', 'cat b.yaml; echo $WORD'),
      block('text output', 'x: 1\ntwo'),
    );
  });

  it('stops at a command that fails, naming the line', async () => {
    await expect(follow(block('sh', 'true'), block('sh', 'echo so; false\necho never'))).rejects.toThrow(
      /line 7: ended with 1[\s\S]*so/,
    );
  });

  it('stops where the page shows something else than what is printed', async () => {
    await expect(follow(block('sh', 'echo one'), block('text output', 'two'))).rejects.toThrow(/shows\s+two/);
  });

  it('expects a failure where the page announces it', async () => {
    await follow(block('sh exit=3', 'exit 3'));
    await expect(follow(block('sh exit=3', 'exit 0'))).rejects.toThrow('ended with 0');
  });

  it('tries again where the page says that it takes a moment', async () => {
    await follow(
      block('sh eventually', 'echo x >> tries; test $(wc -l < tries) -ge 3; wc -l < tries'),
      block('text output', '3'),
    );
  });

  it('replaces the ports that the page names by free ones', async () => {
    await expect(
      follow(
        block('sh', 'echo http://localhost:8099/ && PORT=8099 && test $PORT -ne $((8000 + 99))'),
        block('text output', 'http://localhost:8099/'),
      ),
    ).resolves.toBeUndefined();
  });

  it('ends what the page started in the background', async () => {
    const pages = [block('sh', 'sleep 60 &\necho $! > pid; cat pid'), block('text output', '…')];
    const walk = await GuideWalk.begin(guideBlocks(pages.join('\n')));
    await walk.toTheEnd();
    const pid = Number(walk.printed);
    expect(process.kill(pid, 0)).toBe(true);
    await walk.end();
    expect(() => process.kill(pid, 0)).toThrow();
  });
});

describe('the blocks of a guide', () => {
  it('are all run, written, compared or left out for a reason', () => {
    expect(guideBlocks(block('yaml skip="a fragment"', 'a: b') + block('mermaid', 'graph LR'))).toHaveLength(1);
    expect(() => guideBlocks(block('yaml', 'a: b'))).toThrow('line 1: a yaml block that nothing checks');
    expect(() => guideBlocks(block('sh skip', 'true'))).toThrow('without a reason');
    expect(() => guideBlocks(block('sh output=x typo', 'true'))).toThrow('typo');
    expect(() => guideBlocks('```sh\ntrue\n')).toThrow('no end');
  });

  it('may stand in a list, and hold fences of their own', () => {
    const [step] = guideBlocks('1. do\n\n   ```sh\n   echo one\n     two\n   ```\n');
    expect(step?.text).toBe('echo one\n  two\n');
    const [page] = guideBlocks('````md file=x.md\n```sh\ntrue\n```\n````\n');
    expect(page).toMatchObject({ use: 'file', path: 'x.md', text: '```sh\ntrue\n```\n' });
  });

  it('tell which programs they call', () => {
    const blocks = guideBlocks(
      block('sh', 'echo helm\nx=$(kubectl get agents)') + block('sh skip="no"', 'helm install'),
    );
    expect(programsOf(blocks, ['kubectl', 'helm'])).toEqual(['kubectl']);
  });

  it('stand for what varies with an ellipsis', () => {
    expect(showsSame('query/… created', 'query/cli-1 created\n')).toBe(true);
    expect(showsSame('a\n…\nz', 'a\nb  \nc\nz\n')).toBe(true);
    expect(showsSame('a\n…\nz', 'a\nb\nc\n')).toBe(false);
    expect(showsSame('a.c', 'abc')).toBe(false);
  });
});
