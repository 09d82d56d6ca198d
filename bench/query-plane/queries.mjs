export const ARK_API = '/apis/ark.mckinsey.com/v1alpha1';
const queriesPath = (namespace) => `${ARK_API}/namespaces/${namespace}/queries`;
const finished = new Set(['done', 'error', 'canceled']);

/** An agent that answers at once: what remains is the runtime's own time. */
export async function createInstantAgent(kube, namespace) {
  await kube.create(`${ARK_API}/namespaces/${namespace}/agents`, {
    apiVersion: 'ark.mckinsey.com/v1alpha1',
    kind: 'Agent',
    metadata: { name: 'instant', namespace },
    spec: { prompt: 'Repeat.', executionEngine: { name: 'echo' } },
  });
}

/** Watches all Queries and resolves each one's promise when it reaches a terminal phase. */
export class QueryObserver {
  waiting = new Map();
  finishedAt = new Map();
  phases = new Map();

  static async open(kube) {
    const observer = new QueryObserver();
    await observer.#follow(kube);
    return observer;
  }

  /** A busy kube-apiserver ends the watches of clients that read too slowly; a list then tells what was missed. */
  async #follow(kube) {
    const path = `${ARK_API}/queries`;
    const again = async () => {
      await this.#follow(kube);
      for (const query of JSON.parse(await kube.call('GET', path)).items) this.#see(query);
    };
    this.stop = await kube.watch(path, ({ object }) => this.#see(object), again);
  }

  #see(query) {
    const phase = query.status?.phase;
    if (!finished.has(phase)) return;
    const key = `${query.metadata.namespace}/${query.metadata.name}`;
    if (this.finishedAt.has(key)) return;
    this.finishedAt.set(key, performance.now());
    this.phases.set(key, phase);
    this.waiting.get(key)?.();
  }

  done(namespace, name) {
    const key = `${namespace}/${name}`;
    if (this.finishedAt.has(key)) return Promise.resolve();
    return new Promise((resolve) => this.waiting.set(key, resolve));
  }
}

export function createQuery(kube, namespace, name) {
  return kube.call('POST', queriesPath(namespace), {
    apiVersion: 'ark.mckinsey.com/v1alpha1',
    kind: 'Query',
    metadata: { name, namespace },
    spec: { input: 'How long does this take?', target: { type: 'agent', name: 'instant' } },
  });
}
