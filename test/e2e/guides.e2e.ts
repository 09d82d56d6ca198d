import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { guideBlocks, programsOf } from '../harness/guide/guide-blocks.js';
import { GuideWalk } from '../harness/guide/guide-walk.js';
import { findKubectl } from '../harness/runtime.js';

const guides = globSync('docs/guides/*.md').sort();

describe('a guide', () => {
  for (const guide of guides) {
    const blocks = guideBlocks(readFileSync(guide, 'utf8'));
    const needsKubectl = programsOf(blocks, ['kubectl']).length > 0;
    const title = `${guide} works when its blocks are followed one after the other`;
    (needsKubectl && !findKubectl() ? it.skip : it)(
      title,
      async () => {
        expect(blocks.some((block) => block.use === 'run')).toBe(true);
        const walk = await GuideWalk.begin(blocks);
        try {
          await walk.toTheEnd();
        } finally {
          await walk.end();
        }
      },
      300_000,
    );
  }
});
