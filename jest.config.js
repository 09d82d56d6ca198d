/** Jest for an ESM code base with legacy decorators; started by scripts/jest.mjs, which sets the vm-modules flag. */
const swc = {
  jsc: {
    target: 'es2024',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    keepClassNames: true,
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};
const base = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^nest-ark$': '<rootDir>/src/kit/index.ts',
    '^nest-ark/testing$': '<rootDir>/src/kit/testing/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  randomize: true,
};
const project = (displayName, ...testMatch) => ({ ...base, displayName, testMatch });
export default {
  projects: [
    project('unit', '<rootDir>/src/**/*.spec.ts', '<rootDir>/plugins/**/*.spec.ts'),
    project('contract', '<rootDir>/test/contract/**/*.contract.ts'),
    project('e2e', '<rootDir>/test/e2e/**/*.e2e.ts'),
  ],
  coverageProvider: 'v8',
  workerIdleMemoryLimit: '700MB',
  testTimeout: 30_000,
};
