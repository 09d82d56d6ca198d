/** What of nest-ark a new package is made for. */
export interface MadeFor {
  version: string;
  devDependencies: Record<string, string>;
  /** Where npm gets nest-ark from: a range of versions, or `file:` and a folder. */
  source: string;
}

/** The files around an engine that make a package of it. */
export function packageFiles(name: string, kit: MadeFor): Record<string, string> {
  return {
    'package.json': json(packageManifest(name, kit)),
    'tsconfig.json': json(COMPILER),
    '.gitignore': 'node_modules\ndist\n.ark\n',
  };
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

const packageManifest = (name: string, { version, devDependencies, source }: MadeFor) => ({
  name,
  version: '0.1.0',
  description: `The execution engine ${name} for nest-ark`,
  type: 'module',
  files: ['dist', 'manifests'],
  ark: { plugins: ['dist'] },
  scripts: { build: 'tsc', test: "tsc && node --test 'dist/**/*.spec.js'", prepare: 'tsc' },
  peerDependencies: { 'nest-ark': `^${version}` },
  devDependencies: {
    '@types/node': devDependencies['@types/node'],
    'nest-ark': source,
    typescript: devDependencies.typescript,
  },
});

const COMPILER = {
  compilerOptions: {
    target: 'es2024',
    module: 'nodenext',
    types: ['node'],
    strict: true,
    skipLibCheck: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    declaration: true,
    rootDir: 'src',
    outDir: 'dist',
  },
  include: ['src'],
};
