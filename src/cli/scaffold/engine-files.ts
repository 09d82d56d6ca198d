/** Where an engine lives: in the plugins of the repository, or in a package of its own. */
export type Layout = 'tree' | 'package';

/** The files of an engine by their paths: a class that works, its spec, an agent, a page about it. */
export function engineFiles(name: string, layout: Layout): Record<string, string> {
  const source = layout === 'tree' ? '' : 'src/';
  return {
    [`${source}${name}.engine.ts`]: engineSource(name),
    [`${source}${name}.engine.spec.ts`]: layout === 'tree' ? treeSpec(name) : packageSpec(name),
    'manifests/agent.yaml': agentManifest(name),
    'README.md': readme(name, layout),
  };
}

/** `town-crier` → `TownCrierEngine`. */
const className = (name: string) =>
  `${name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}Engine`;

const engineSource = (name: string) => `import {
  type Engine,
  type EngineEvent,
  type ExecutionContext,
  ExecutionEngine,
  type ExecutionRequest,
  text,
} from 'nest-ark';

/** Says again what the user says, word by word. */
@ExecutionEngine({ name: '${name}', description: 'Says again what the user says' })
export class ${className(name)} implements Engine {
  async *execute(request: ExecutionRequest, context: ExecutionContext): AsyncIterable<EngineEvent> {
    for (const word of request.userInput.content.split(/(?<=\\s)/)) {
      context.signal.throwIfAborted();
      yield text(word);
    }
  }
}
`;

const treeSpec = (name: string) => `import { engineSuite } from 'nest-ark/testing';
import { ${className(name)} } from './${name}.engine.js';

engineSuite('${name}', () => ({ engine: new ${className(name)}(), answer: (text) => text }));
`;

const packageSpec = (name: string) => `import { describe, it } from 'node:test';
import { engineSuite } from 'nest-ark/testing';
import { ${className(name)} } from './${name}.engine.js';

const cases = engineSuite('${name}', () => ({ engine: new ${className(name)}(), answer: (text) => text }));

describe('the contract of engines, kept by ${name}', () => {
  for (const { title, run } of cases) it(title, run);
});
`;

const agentManifest = (name: string) => `apiVersion: ark.mckinsey.com/v1alpha1
kind: Agent
metadata:
  name: ${name}
spec:
  description: Answered by the engine ${name}
  prompt: You are a friendly agent.
  executionEngine:
    name: ${name}
`;

const readme = (name: string, layout: Layout) => `# Engine \`${name}\`

Says again what the user says, word by word.

\`\`\`yaml
executionEngine:
  name: ${name}
\`\`\`

\`${layout === 'tree' ? '' : 'src/'}${name}.engine.ts\` is the engine, \`${name}.engine.spec.ts\` holds it to the contract of engines,
\`manifests/\` has an agent that uses it.
${layout === 'tree' ? '' : packageUse(name)}`;

const packageUse = (name: string) => `
\`\`\`sh
npm install
npm test
npx ark start &
npx ark status --data-dir .ark --wait-for-ready
npx ark apply -f manifests
npx ark agent ${name} "Hello"
\`\`\`

A runtime elsewhere loads it with \`ARK_PLUGIN_PATH\` or \`ark start --plugins\` naming this folder or, once it is installed
there, the package.
`;
