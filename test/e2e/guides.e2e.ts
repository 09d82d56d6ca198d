import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { guideBlocks, programsOf } from '../harness/guide/guide-blocks.js';
import { GuideWalk } from '../harness/guide/guide-walk.js';
import { findHelm } from '../harness/helm.js';
import { findKubectl } from '../harness/runtime.js';

const guides = globSync('docs/guides/*.md').sort();

describe('a guide', () => {
  for (const guide of guides) {
    const blocks = guideBlocks(readFileSync(guide, 'utf8'));
    const found = { kubectl: findKubectl(), helm: findHelm() };
    const lacking = programsOf(blocks, ['kubectl', 'helm']).some((name) => !found[name as keyof typeof found]);
    const title = `${guide} works when its blocks are followed one after the other`;
    (lacking ? it.skip : it)(
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
