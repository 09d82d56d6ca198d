// `npm run test:cluster`: the end-to-end tests that start a runtime, each on a real API server of its own.
import { globSync, readFileSync } from 'node:fs';
import everything from '../../jest.config.js';

process.env.ARK_TEST_API_SERVER = 'real';
const like = everything.projects.find(({ displayName }) => displayName === 'e2e');
/** Tests that make a cluster themselves are judged by a real API server already. */
const startsRuntime = (text) =>
  !text.includes('controlPlaneBinaries') && /\b(Runtime\.start|startKubectlServer)\(/.test(text);
const files = globSync('test/e2e/**/*.e2e.ts').filter((file) => startsRuntime(readFileSync(file, 'utf8')));
export default {
  ...like,
  displayName: 'e2e on a real API server',
  rootDir: '../..',
  globalSetup: '<rootDir>/test/cluster/prepared-setup.mjs',
  globalTeardown: '<rootDir>/test/cluster/prepared-teardown.mjs',
  testMatch: files.map((file) => `<rootDir>/${file}`),
  // A control plane is made first.
  testTimeout: 300_000,
};
