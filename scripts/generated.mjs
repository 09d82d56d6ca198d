// What `npm run generate` writes, and `npm run check:generated` compares: a generator of the build, and its folder.
export const GENERATED = [
  { generator: 'dist/src/resources/generate.js', folder: 'crds' },
  { generator: 'dist/src/resources/generate.js', folder: 'charts/ark/files/crds' },
  { generator: 'dist/src/machinery/permissions/generate.js', folder: 'charts/ark/files/rbac' },
];
