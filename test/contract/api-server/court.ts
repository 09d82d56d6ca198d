import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import type { ResourceType } from '../../../src/kit/resource/resource.js';
import type { ApiServer } from '../../../src/kube/api-server/api-server.js';
import { StatusError } from '../../../src/kube/api-server/status.js';
import type { RemoteApiServer } from '../../../src/kube/remote/remote-api-server.js';
import { eventually } from '../../harness/eventually.js';
import { type Judge, judges, type OpenJudge } from './judge.js';
import { CRD, NAMESPACE, type Widget, widgetDefinition, widgetType } from './widget.js';

type Case = () => Promise<void>;

/** One judge with a kind and a namespace of its own, for the cases of one file. */
export class Court {
  readonly group = `g${randomBytes(4).toString('hex')}.contract.example.com`;
  readonly type = widgetType(this.group);
  readonly namespace = `contract-${randomBytes(4).toString('hex')}`;
  private opened!: OpenJudge;
  private readonly definitions = new Set<string>();
  private count = 0;

  constructor(readonly judge: Judge) {}

  get server(): ApiServer {
    return this.opened.server;
  }

  /** Raw HTTP; only for cases under `overHttp`. */
  get http(): RemoteApiServer {
    if (!this.opened.http) throw new Error(`the judge ${this.judge.name} is not reached over HTTP`);
    return this.opened.http;
  }

  /** A name that no other case uses. */
  name(prefix = 'w'): string {
    this.count += 1;
    return `${prefix}-${this.count}`;
  }

  /** A widget that passes its schema, with `spec` laid over it. */
  widget(name: string, spec: Record<string, unknown> = {}): Widget {
    return {
      apiVersion: `${this.group}/v1`,
      kind: 'Widget',
      metadata: { name, namespace: this.namespace },
      spec: { size: 1, ...spec },
    };
  }

  create(name = this.name(), spec: Record<string, unknown> = {}): Promise<Widget> {
    return this.server.create(this.type, this.widget(name, spec));
  }

  key(name: string): { namespace: string; name: string } {
    return { namespace: this.namespace, name };
  }

  read(name: string): Promise<Widget> {
    return this.server.get<Widget>(this.type, this.key(name));
  }

  /** Waits until an object is no more. */
  async gone(name: string, within = 20_000): Promise<void> {
    await eventually(async () => (await refusal(this.read(name))).statusReason === 'NotFound', { within });
  }

  /** One sentence about the world. */
  it(sentence: string, body: Case): void {
    it(sentence, body, 60_000);
  }

  /**
   * What embedded API servers do not have, for a reason: each kind of server is held to what it does instead.
   *
   * @param what a row of docs/reference/api-servers.md
   */
  onlyReal(what: string, { real, embedded }: { real: Case; embedded: Case }): void {
    it(`only a real one has ${what}`, this.judge.name === 'real' ? real : embedded, 60_000);
  }

  async open(): Promise<void> {
    this.opened = await this.judge.open();
    await this.server.create(NAMESPACE, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: this.namespace } });
    await this.define(widgetDefinition(this.group), this.type);
  }

  /** Adds a kind and waits until it is served. */
  async define(definition: ReturnType<typeof widgetDefinition>, type = this.type): Promise<void> {
    this.definitions.add(definition.metadata.name);
    await this.server.create(CRD, definition);
    await eventually(
      async () => {
        const seen = (await this.server.get(CRD, { name: definition.metadata.name })) as unknown as {
          status?: { conditions?: { type: string; status: string }[] };
        };
        const established = seen.status?.conditions?.some(
          (each) => each.type === 'Established' && each.status === 'True',
        );
        if (!established) return false;
        await this.server.list(type);
        return true;
      },
      { every: 50 },
    );
  }

  /** Removes what is left, also by cases that failed. */
  async close(): Promise<void> {
    const sweep = async (type: ResourceType, name: string) => {
      await this.server.delete(type, { name }).catch((error: unknown) => {
        if (!StatusError.is(error, 'NotFound', 'Conflict')) throw error;
      });
    };
    for (const name of this.definitions) await sweep(CRD, name);
    await sweep(NAMESPACE, this.namespace);
    await this.opened.close();
  }
}

/** Runs the cases before every judge. */
export function underEveryJudge(
  subject: string,
  cases: (court: Court) => void,
  only?: (judge: Judge) => boolean,
): void {
  const chosen = judges.filter(only ?? (() => true));
  describe.each(chosen.map((judge) => ({ judge, name: judge.name })))(`${subject}, judge $name`, ({ judge }) => {
    const court = new Court(judge);
    beforeAll(() => court.open(), 60_000);
    afterAll(() => court.close());
    cases(court);
  });
}

/** The refusal that a request must end in. */
export async function refusal(request: Promise<unknown>): Promise<StatusError> {
  try {
    await request;
  } catch (error) {
    if (StatusError.is(error)) return error;
    throw error;
  }
  throw new Error('it was not refused');
}
