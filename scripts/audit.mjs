// Asks the registry for known issues of what package-lock.json names. Ends with 0 when there is no critical one, 1 when
// there is, 3 when nobody could be asked; then the reason goes to the file named as first argument, too.
// audit-exceptions.json holds what is accepted: { "GHSA-…": "why it does not matter here" }.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const WITHIN_MS = 90_000;
const EXCEPTIONS = 'audit-exceptions.json';

/** What `npm audit` prints as JSON; its exit code says nothing that is not in there. */
function report() {
  const limits = ['--fetch-retries=0', '--fetch-timeout=30000'];
  return new Promise((done) => {
    const options = { timeout: WITHIN_MS, maxBuffer: 64 << 20, shell: process.platform === 'win32' };
    execFile('npm', ['audit', '--json', ...limits], options, (_error, stdout) => {
      try {
        done(JSON.parse(stdout));
      } catch {
        done({ message: `npm audit did not answer within ${WITHIN_MS / 1000} s` });
      }
    });
  });
}

/** Each advisory once, with the packages it is about. */
function advisoriesIn({ vulnerabilities }) {
  const found = new Map();
  for (const via of Object.values(vulnerabilities).flatMap((each) => each.via)) {
    // Texts name packages that bring along others' issues.
    if (typeof via !== 'object') continue;
    const id = /GHSA-[\w-]+/.exec(via.url ?? '')?.[0] ?? String(via.source);
    found.set(id, { id, severity: via.severity, name: via.name, range: via.range, title: via.title });
  }
  return [...found.values()];
}

function exceptions() {
  const known = existsSync(EXCEPTIONS) ? JSON.parse(readFileSync(EXCEPTIONS, 'utf8')) : {};
  for (const [id, reason] of Object.entries(known)) {
    if (typeof reason !== 'string' || reason.trim().length < 20) {
      console.error(`${EXCEPTIONS}: ${id} needs a reason that a reviewer can judge`);
      process.exit(1);
    }
  }
  return known;
}

const accepted = exceptions();
const answer = await report();
if (!answer.vulnerabilities) {
  const reason = String(answer.message ?? 'no reason given')
    .split('\n')[0]
    .replace(/https?:\/\/\S+/g, 'the registry');
  const note = `Dependencies were not checked for known issues, since the registry tells none here: ${reason}`;
  console.log(note);
  if (process.argv[2]) writeFileSync(process.argv[2], `${note}\n`);
  process.exit(3);
}
const advisories = advisoriesIn(answer);
const bad = advisories.filter(({ id, severity }) => severity === 'critical' && !Object.hasOwn(accepted, id));
for (const { id, severity, name, range, title } of advisories) {
  const excuse = Object.hasOwn(accepted, id) ? ` (accepted: ${accepted[id]})` : '';
  console.log(`${severity}: ${name} ${range}: ${title} [${id}]${excuse}`);
}
for (const id of Object.keys(accepted)) {
  if (!advisories.some((each) => each.id === id)) console.log(`${EXCEPTIONS}: ${id} is no issue any more; remove it`);
}
console.log(`${advisories.length} known issues, ${bad.length} of them critical and not accepted`);
process.exit(bad.length > 0 ? 1 : 0);
