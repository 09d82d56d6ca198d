// `npm run test:cluster`: the end-to-end tests that start a runtime, each on a real API server of its own.
import { globSync, readFileSync } from 'node:fs';
import everything from '../../jest.config.js';

process.env.ARK_TEST_API_SERVER = 'real';
const like = everything.projects.find(({ displayName }) => displayName === 'e2e');
const startsRuntime = (file) => /\b(Runtime\.start|startKubectlServer)\(/.test(readFileSync(file, 'utf8'));
const files = globSync('test/e2e/**/*.e2e.ts').filter(startsRuntime);
export default {
  ...like,
  displayName: 'e2e on a real API server',
  rootDir: '../..',
  testMatch: files.map((file) => `<rootDir>/${file}`),
  // A control plane is made first.
  testTimeout: 120_000,
};
