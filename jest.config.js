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
};
const project = (displayName, ...testMatch) => ({ ...base, displayName, testMatch });
// Starts a real control plane once for the run, where KUBEBUILDER_ASSETS names its binaries.
const controlPlane = {
  globalSetup: '<rootDir>/test/cluster/global-setup.mjs',
  globalTeardown: '<rootDir>/test/cluster/global-teardown.mjs',
};
export default {
  projects: [
    project('unit', '<rootDir>/src/**/*.spec.ts', '<rootDir>/plugins/**/*.spec.ts'),
    { ...project('contract', '<rootDir>/test/contract/**/*.contract.ts'), ...controlPlane },
    project('e2e', '<rootDir>/test/e2e/**/*.e2e.ts'),
  ],
  randomize: true,
  coverageProvider: 'v8',
  workerIdleMemoryLimit: '700MB',
  // Longer than what `eventually` waits, which says better what is missing.
  testTimeout: 120_000,
};
