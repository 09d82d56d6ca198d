import { describe } from '@jest/globals';
import { findKubectl } from './runtime.js';

/** Cases that drive the runtime with kubectl. Where there is none they are skipped, and the summary names them. */
export const describeWithKubectl = findKubectl() ? describe : describe.skip;
