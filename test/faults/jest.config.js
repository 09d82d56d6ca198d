// `npm run test:faults`: minutes of broken machines, so no part of the ordinary run; its short form is test/e2e/replica-faults.e2e.ts.
import everything from '../../jest.config.js';

const like = everything.projects.find(({ displayName }) => displayName === 'e2e');
export default {
  ...like,
  displayName: 'faults',
  rootDir: '../..',
  testMatch: ['<rootDir>/test/faults/*.faults.ts'],
  // Three replicas and a control plane are enough at a time.
  maxWorkers: 1,
};
