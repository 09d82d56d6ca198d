// Reads what verify.sh collected: `*.check` (one word), jest's `*.json`, `*.note` (one sentence), and `*.again` of the files that ran once more.
// Names failures, skipped and unsteady tests, says which judges took part, and ends with the counts. Exits 1 when
// anything failed. With `--failed FILE` it only prints the paths of the files that failed in one report.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';

/** What test/cluster/build-control-plane.sh builds. */
const PROGRAMS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl', 'helm', 'kubeconform'];

const reportOf = (file) => JSON.parse(readFileSync(file, 'utf8'));
if (process.argv[2] === '--failed') {
  for (const suite of reportOf(process.argv[3]).testResults) if (suite.status === 'failed') console.log(suite.name);
  process.exit(0);
}

const folder = process.argv[2] ?? '.';
const count = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
const skipped = [];
const unsteady = [];
/** Every file of tests that ran, and in which project. */
const suites = [];

/** The report of a project; files that ran once more count as they did then. */
function read(file) {
  const report = reportOf(join(folder, file));
  const again = join(folder, file.replace(/json$/, 'again'));
  if (!existsSync(again)) return report;
  const second = new Map(reportOf(again).testResults.map((suite) => [suite.name, suite]));
  for (const suite of second.values()) if (suite.status === 'passed') unsteady.push(suite.name);
  report.testResults = report.testResults.map((suite) => second.get(suite.name) ?? suite);
  return report;
}

const inTree = (path) => path.replace(`${process.cwd()}/`, '');

function readCheck(file) {
  const passed = readFileSync(join(folder, file), 'utf8').trim() === 'passed';
  count[passed ? 'passed' : 'failed'] += 1;
  if (!passed) failures.push(file.replace(/\.check$/, ''));
}

function readJest(file) {
  const report = read(file);
  const project = file.replace(/\.json$/, '');
  let tests = 0;
  for (const suite of report.testResults) {
    suites.push({ ...suite, project });
    const path = inTree(suite.name);
    // A suite that cannot be loaded has no tests to count.
    if (suite.status === 'failed' && suite.assertionResults.every((test) => test.status !== 'failed')) {
      count.failed += 1;
      failures.push(`${path}: ${suite.message.split('\n').find((line) => line.trim()) ?? 'did not run'}`);
    }
    for (const test of suite.assertionResults) {
      tests += 1;
      if (test.status === 'passed') count.passed += 1;
      else if (test.status === 'failed') {
        count.failed += 1;
        failures.push(`${path}: ${test.fullName}`);
      } else {
        count.skipped += 1;
        skipped.push(`${path}: ${test.fullName}`);
      }
    }
  }
  console.log(`${project}: ${tests} tests in ${report.testResults.length} files`);
}

function isInstalled(program) {
  const folders = [process.env.KUBEBUILDER_ASSETS, ...(process.env.PATH ?? '').split(delimiter)];
  return folders.some((path) => path && existsSync(join(path, program)));
}

for (const file of readdirSync(folder).sort()) {
  if (file.endsWith('.check')) readCheck(file);
  if (file.endsWith('.json')) readJest(file);
}
const isPassed = ({ status }) => status === 'passed';

/** How many tests of a contract passed on each judge; the titles of its suites name them. */
function judgesOf(path, title) {
  const judges = new Map();
  for (const suite of suites.filter(({ name }) => inTree(name).startsWith(path))) {
    for (const test of suite.assertionResults) {
      const judge = title.exec(test.fullName)?.[1];
      if (judge && isPassed(test)) judges.set(judge, (judges.get(judge) ?? 0) + 1);
    }
  }
  return judges;
}
const told = (judges) => [...judges].map(([name, tests]) => `${name} (${tests} passed)`).join(', ') || 'none';

const ofServers = judgesOf('test/contract/api-server/', /, judge ([\w-]+)/);
const real = ofServers.has('real');
console.log(`Judges of the API server contract: ${told(ofServers)}.`);
/** The end-to-end tests of a project of which something passed. */
const areasOf = (project) => {
  const files = suites.filter((suite) => suite.project === project && suite.assertionResults.some(isPassed));
  return files.map(({ name }) => basename(name, '.e2e.ts')).sort();
};
const onReal = areasOf('cluster');
const servers = areasOf('e2e').length > 0 ? ['embedded'] : [];
if (onReal.length > 0) servers.push(`real for ${onReal.join(', ')}`);
console.log(`API servers of the end-to-end tests: ${servers.join(', and ') || 'none'}.`);
const ofStorage = judgesOf('test/contract/storage/', /^storage on (\w+)/);
console.log(`Judges of the storage contract: ${told(ofStorage)}.`);
if (!ofStorage.has('postgres'))
  console.log('No PostgreSQL: install it (Debian: postgresql), or set ARK_TEST_POSTGRES_BIN to its programs.');
if (!isInstalled('kubectl')) console.log('No kubectl: tests that drive the runtime with it cannot run.');
if (!isInstalled('helm')) console.log('No helm: the tests of charts/ark cannot run.');
if (real && skipped.some((name) => name.includes('the chart in a real cluster')))
  console.log('The chart did not run in a cluster: that wants root, unshare, setpriv, and an address beside loopback.');
for (const file of readdirSync(folder).filter((name) => name.endsWith('.note')))
  console.log(readFileSync(join(folder, file), 'utf8').trim());
const named = process.env.KUBEBUILDER_ASSETS || process.env.ARK_TEST_KUBECONFIG;
if (named && !real) {
  count.failed += 1;
  failures.push(`No test of the API server contract passed on a real one, although there is ${named}`);
}
for (const name of skipped) console.log(`skipped  ${name}`);
for (const name of unsteady) console.log(`UNSTEADY ${inTree(name)}: failed among the others, passed alone`);
for (const name of failures) console.log(`FAILED   ${name}`);
if (!real) {
  const how = 'set KUBEBUILDER_ASSETS to a folder with etcd and kube-apiserver (test/cluster/build-control-plane.sh)';
  console.log(`ATTENTION: no real API server judged anything, only the embedded one: ${how}`);
} else if (process.env.KUBEBUILDER_ASSETS) {
  const absent = PROGRAMS.filter((program) => !isInstalled(program));
  if (absent.length > 0)
    console.log(`ATTENTION: there is no ${absent.join(', no ')}: what needs it was skipped or failed`);
}
const tail = count.skipped > 0 ? `, ${count.skipped} skipped` : '';
console.log(`${count.passed} passed, ${count.failed} failed${tail}`);
process.exit(count.failed > 0 ? 1 : 0);
