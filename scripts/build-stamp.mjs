// `write` notes what dist/ was built from, `check` exits 1 when the sources are no longer that. By names, sizes and times,
// so that a file that went away is noticed too.
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';

const STAMP = 'dist/.built-from';
const sources = globSync(['{src,plugins,examples}/**/*.ts', 'tsconfig*.json', 'package-lock.json'], {
  exclude: (path) => path.includes('node_modules'),
}).sort();
const hash = createHash('sha256');
for (const path of sources) {
  const { size, mtimeMs } = statSync(path);
  hash.update(`${path} ${size} ${mtimeMs}\n`);
}
const fingerprint = hash.digest('hex');
if (process.argv[2] === 'write') writeFileSync(STAMP, fingerprint);
else process.exit(existsSync(STAMP) && readFileSync(STAMP, 'utf8') === fingerprint ? 0 : 1);
