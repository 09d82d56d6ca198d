import { randomUUID } from 'node:crypto';
import type { ListTaskPushNotificationConfigsResponse, TaskPushNotificationConfig } from '@a2a-js/sdk';
import { RequestMalformedError } from '@a2a-js/sdk/errors';
import { Injectable } from '@nestjs/common';
import { toA2aError } from '../../engine-host/a2a-errors.js';
import { errorText } from '../../kit/index.js';
import { BugReports } from '../../machinery/observability/bug-reports.js';
import type { Query } from '../../resources/query/query.resource.js';
import { type PushConfig, PushConfigs, type TaskKey } from '../../storage/push-configs.js';
import { PushConnection } from './push-connection.js';
import { PushOutbox } from './push-outbox.js';

const LONGEST_TEXT = 4_096;
/** An HTTP header's value, as far as we send it. */
const HEADER_TEXT = /^[\t\x20-\x7e]*$/;

/** Who is told of the changes of a task, as clients of both protocols set and read it. */
@Injectable()
export class PushReceivers {
  constructor(
    private readonly configs: PushConfigs,
    private readonly connection: PushConnection,
    private readonly outbox: PushOutbox,
    private readonly bugs: BugReports,
  ) {}

  /** The config as it would be kept. @throws RequestMalformedError naming what is wrong with it */
  checked({ id, url, token, authentication }: TaskPushNotificationConfig, protocol: string): PushConfig {
    const { scheme = '', credentials = '' } = authentication ?? {};
    for (const [name, text] of Object.entries({ id, url, token, scheme, credentials })) {
      if (typeof text !== 'string') throw malformed(`${name} must be a text`);
      if (text.length > LONGEST_TEXT) throw malformed(`${name} is longer than ${LONGEST_TEXT} characters`);
      if (!HEADER_TEXT.test(text)) throw malformed(`${name} holds characters that no HTTP header may hold`);
    }
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw malformed('url must be an http(s) URL');
    const parsed = new URL(url);
    if (parsed.username || parsed.password) throw malformed('url must hold no password: use authentication');
    try {
      this.connection.refuse(parsed);
    } catch (error) {
      throw malformed(`url cannot be called: ${errorText(error)}`);
    }
    return { id: id || randomUUID(), url, token, scheme, credentials, protocol };
  }

  async keep(task: TaskKey, config: PushConfig): Promise<TaskPushNotificationConfig> {
    await this.configs.save(task, config).catch((error: unknown) => {
      throw toA2aError(error, this.bugs, { task: task.task });
    });
    return shown(task, config);
  }

  /** For a task that was there before its receiver. */
  arrived(query: Query): void {
    this.outbox.newReceiver(query);
  }

  /** @throws RequestMalformedError when the task has no such config */
  async get(task: TaskKey, id: string): Promise<TaskPushNotificationConfig> {
    const configs = await this.configs.load(task);
    // Protocol 0.3 lets clients ask for the only one without its id.
    const found = id === '' && configs.length === 1 ? configs[0] : configs.find((config) => config.id === id);
    if (!found) throw malformed(`task '${task.task}' has no push notification config '${id}'`);
    return shown(task, found);
  }

  /** One page: there are never many. */
  async list(task: TaskKey): Promise<ListTaskPushNotificationConfigsResponse> {
    const configs = await this.configs.load(task);
    return { configs: configs.map((config) => shown(task, config)), nextPageToken: '' };
  }

  /** For a task that did not come to be. What cannot be removed now is swept with that of deleted tasks. */
  async forget(task: TaskKey): Promise<void> {
    await this.configs.forget([task]).catch(() => undefined);
  }

  remove(task: TaskKey, id: string): Promise<void> {
    return this.configs.remove(task, id);
  }
}

const malformed = (message: string) => new RequestMalformedError(`pushNotificationConfig: ${message}`);

/** Credentials go to the receiver and to nobody else. */
function shown({ task }: TaskKey, { id, url, token, scheme }: PushConfig): TaskPushNotificationConfig {
  const authentication = scheme ? { scheme, credentials: '' } : undefined;
  return { tenant: '', id, taskId: task, url, token, authentication };
}
