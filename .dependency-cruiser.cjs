// The walls of the house. Each rule's name is the sentence a person reads when an import crosses it.
// `npm run lint:walls` runs them; docs/adr/0002 and CONTRIBUTING.md say why they stand.

const PACKAGE = (...names) => `(^|/)node_modules/(${names.join('|')})/`;
/** What tests outside `src` may start from: one door per room, and the contracts. */
const ENTRY_POINTS = [
  '^src/kit/',
  '^src/(app\\.module|main|runtime-process|serve)\\.ts$',
  '^src/kube/api-server/',
  '^src/kube/(embedded|remote|cache|client)/([^/]+|door/api-server-door)\\.ts$',
  '^src/resources/',
  '^src/[^/]+/[^/]+\\.ts$',
  '^src/dispatch/hosted/hosted-agents\\.ts$',
  '^src/cli/cluster/locate\\.ts$',
  '^src/runtime/conversation/conversation-history\\.ts$',
  '^src/runtime/evaluation/foreign-evaluator\\.ts$',
  '^src/runtime/rights/author-policy\\.ts$',
  '^src/runtime/approval/(process-journal|resumable-runs)\\.ts$',
  '^src/machinery/[^/]+/[^/]+\\.ts$',
  '^src/machinery/observability/tracing/(tracing|otlp/(protobuf-exporter|collector-address))\\.ts$',
];
const MODEL_SDKS = PACKAGE('openai', 'ai', '@ai-sdk', '@anthropic-ai', '@langchain', '@google', '@aws-sdk', 'ollama');

module.exports = {
  forbidden: [
    {
      name: 'the kit knows nobody',
      severity: 'error',
      from: { path: '^src/kit/' },
      to: { path: '^(src|plugins|test|bench|examples)/', pathNot: '^src/kit/' },
    },
    {
      name: 'plugins see only the kit',
      severity: 'error',
      from: { path: '^plugins/' },
      to: { path: '^(src|test|bench|examples)/', pathNot: '^src/kit/(testing/)?index\\.ts$' },
    },
    {
      name: 'plugins import the kit by its public name',
      severity: 'error',
      from: { path: '^(plugins|examples)/' },
      to: {
        path: '^src/',
        dependencyTypesNot: ['aliased', 'aliased-tsconfig', 'aliased-tsconfig-paths', 'aliased-workspace'],
      },
    },
    {
      name: 'plugins do not see each other',
      severity: 'error',
      from: { path: '^plugins/([^/]+)/([^/]+)/' },
      to: { path: '^plugins/', pathNot: '^plugins/$1/$2/' },
    },
    {
      name: 'the product knows no plugin by name',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^plugins/' },
    },
    {
      name: 'examples use only what a stranger can install',
      severity: 'error',
      from: { path: '^examples/' },
      to: { path: '^src/', pathNot: '^src/(kit/(testing/)?index|serve)\\.ts$' },
    },
    {
      name: 'reconcilers see only the kit and resources',
      severity: 'error',
      from: { path: '^src/reconcilers/' },
      to: { path: '^(src|plugins)/', pathNot: '^src/(kit|resources|reconcilers)/' },
    },
    {
      name: 'reconcilers do not see each other',
      severity: 'error',
      from: { path: '^src/reconcilers/([^/]+)/' },
      to: { path: '^src/reconcilers/[^/]+/', pathNot: '^src/reconcilers/$1/' },
    },
    {
      name: 'resources know the kit, and what admission is',
      severity: 'error',
      from: { path: '^src/resources/' },
      to: { path: '^src/', pathNot: '^src/(kit|resources)/|^src/kube/api-server/admission\\.ts$' },
    },
    {
      name: 'machinery knows no kind by name',
      severity: 'error',
      from: { path: '^src/machinery/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^src/', pathNot: '^src/(kit|machinery|kube/(api-server|cache))/' },
    },
    {
      name: 'only kube speaks to an API server',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/kube/|^src/(app\\.module|main|runtime-process|serve)\\.ts$' },
      to: { path: '^src/kube/(embedded|remote)/' },
    },
    {
      name: 'kube serves every room and knows none',
      severity: 'error',
      from: { path: '^src/kube/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^src/', pathNot: '^src/(kit|kube)/' },
    },
    {
      name: 'only kube/remote imports the Kubernetes client',
      severity: 'error',
      from: { pathNot: '^(src/kube/remote|test|bench)/' },
      to: { path: PACKAGE('@kubernetes/client-node') },
    },
    {
      name: 'only app.module sees every room',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: '^src/(app\\.module|main|runtime-process|serve)\\.ts$|^src/cli/commands/start\\.command\\.ts$',
      },
      to: { path: '^src/(app\\.module|main|runtime-process|serve)\\.ts$' },
    },
    {
      name: 'the command line is a client: it sees no room of the runtime',
      severity: 'error',
      from: { path: '^src/cli/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^src/', pathNot: '^src/(cli|kit|kube/(api-server|client))/|^src/(main|version)\\.ts$' },
    },
    {
      name: 'the command line starts without Nest',
      severity: 'error',
      from: { path: '^src/(cli|kube/client)/' },
      to: { path: PACKAGE('@nestjs', '@kubernetes', 'class-validator', 'class-transformer') },
    },
    {
      name: 'rooms do not know the doors to the outside',
      severity: 'error',
      from: { path: '^src/(runtime|discovery|dispatch|machinery|kube|resources|reconcilers)/' },
      to: { path: '^src/(api|gateway|cli|dashboard)/' },
    },
    {
      name: 'the A2A SDK stays in the four rooms that speak A2A',
      severity: 'error',
      from: { pathNot: '^(src/(dispatch|discovery|engine-host|gateway)|test|bench|examples)/' },
      to: { path: PACKAGE('@a2a-js/sdk') },
    },
    {
      name: 'only discovery/mcp is a client of MCP servers',
      severity: 'error',
      from: { pathNot: '^(src/discovery/mcp|test|bench)/' },
      to: { path: PACKAGE('@modelcontextprotocol/client') },
    },
    {
      name: 'a model SDK stays in its own plugin',
      severity: 'error',
      from: { pathNot: '^(plugins|test|bench|examples)/' },
      to: { path: MODEL_SDKS },
    },
    {
      name: 'a model SDK is loaded when its first model is asked',
      severity: 'error',
      from: { path: '^plugins/(models/|engines/.+\\.engine\\.ts$)' },
      to: { path: MODEL_SDKS, dependencyTypesNot: ['dynamic-import', 'type-only'] },
    },
    {
      name: 'no Express in the process',
      severity: 'error',
      from: { path: '^(src|plugins)/' },
      to: { path: PACKAGE('express', '@nestjs/platform-express') },
    },
    {
      name: 'tests outside src reach only entry points',
      severity: 'error',
      from: { path: '^test/' },
      to: { path: '^src/', pathNot: ENTRY_POINTS.join('|') },
    },
    {
      name: 'end-to-end tests know the built program only',
      severity: 'error',
      from: { path: '^test/(e2e|browser)/' },
      to: { path: '^(src|plugins)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'the product does not need its tests',
      severity: 'error',
      from: { path: '^(src|plugins)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(test|bench)/|\\.spec\\.ts$' },
    },
    {
      name: 'no import cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'every import resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|dashboard/dist)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
    skipAnalysisNotInRules: true,
  },
};
