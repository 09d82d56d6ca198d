import { eventually } from '../harness/eventually.js';
import type { Replicas } from './replicas.js';
import { type Versioned, VersionLog } from './version-log.js';

const GROUP = '/apis/ark.mckinsey.com/v1alpha1/namespaces/default';
const LEASES = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
/** Enough that each of three replicas looks after some, but for one time in a hundred. */
const COUNT = 12;

type Conditions = Versioned & { status?: { conditions?: { type: string; status: string }[] } };

/** Agents that lack their model, so that those who look after them have a word to say when it comes. */
export class Orphans {
  private constructor(
    private readonly replicas: Replicas,
    private readonly model: string,
    private readonly agents: VersionLog<Conditions>,
    private readonly leases: VersionLog<Versioned>,
  ) {}

  /** Makes them, and waits until each says what it lacks. */
  static async wait(replicas: Replicas, name: string): Promise<Orphans> {
    const { client } = replicas;
    const agents = await VersionLog.follow<Conditions>(client, `${GROUP}/agents`);
    const leases = await VersionLog.follow<Versioned>(client, LEASES);
    const orphans = new Orphans(replicas, name, agents, leases);
    for (let i = 0; i < COUNT; i++) await client.call('POST', `${GROUP}/agents`, agent(`${name}-${i}`, name));
    await eventually(() => orphans.are('False', 0), { within: 60_000 });
    return orphans;
  }

  /** Brings the model. @returns how many heartbeats of each process in question came until the last of them was well */
  async comfort(inQuestion: (lease: { name: string }) => boolean): Promise<number[]> {
    const { metadata } = await this.replicas.client.call<Versioned>('POST', `${GROUP}/models`, model(this.model));
    const since = Number(metadata.resourceVersion);
    const until = Math.max(...(await eventually(() => this.are('True', since), { within: 60_000 })));
    await Promise.all([this.agents.close(), this.leases.close()]);
    const counts = new Map<string, number>();
    for (const { name, version } of this.leases.versions.filter(inQuestion)) {
      counts.set(name, (counts.get(name) ?? 0) + (version > since && version < until ? 1 : 0));
    }
    return [...counts.values()];
  }

  /** @returns in which versions they came to be so, all of them */
  private are(wanted: 'True' | 'False', since: number): number[] {
    const found = this.agents.firsts(since, ({ metadata, status }) => {
      const available = status?.conditions?.find(({ type }) => type === 'Available');
      return metadata.name.startsWith(`${this.model}-`) && available?.status === wanted;
    });
    if (found.size < COUNT) throw new Error(`${found.size} of ${COUNT} Agents are Available=${wanted}`);
    return [...found.values()];
  }
}

const agent = (name: string, modelName: string) => ({
  apiVersion: 'ark.mckinsey.com/v1alpha1',
  kind: 'Agent',
  metadata: { name },
  spec: { prompt: 'Wait.', modelRef: { name: modelName } },
});

const model = (name: string) => ({
  apiVersion: 'ark.mckinsey.com/v1alpha1',
  kind: 'Model',
  metadata: { name },
  spec: {
    provider: 'scripted',
    model: { value: 's' },
    config: { scripted: { script: [{ match: '.*', answer: 'yes' }] } },
  },
});
