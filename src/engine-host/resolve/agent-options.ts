import { type InstalledEngine, readOptions } from '../../kit/index.js';
import type { Agent } from '../../resources/agent/agent.resource.js';

type Options = Record<string, unknown>;

/** What agents tell their engines: checked once for each version of an agent, which is an object of its own. */
export class AgentOptions {
  private readonly known = new WeakMap<Agent, { engine: InstalledEngine; options: Options }>();

  /** Every run gets a copy. @throws Invalid naming the agent and every wrong and every unknown option */
  of(installed: InstalledEngine, agent: Agent | undefined): Options {
    if (!agent) return read(installed, undefined);
    const known = this.known.get(agent);
    if (known?.engine === installed) return copyOf(known.options);
    const options = read(installed, agent);
    this.known.set(agent, { engine: installed, options });
    return copyOf(options);
  }
}

const copyOf = (options: Options): Options => Object.assign(Object.create(Object.getPrototypeOf(options)), options);

function read(installed: InstalledEngine, agent: Agent | undefined): Options {
  const { name, options } = installed.options;
  const subject = agent
    ? `agent '${agent.metadata.namespace}/${agent.metadata.name}', spec.executionEngine.options for engine '${name}'`
    : `options of engine '${name}'`;
  return readOptions(options, agent?.spec.executionEngine?.options, subject) as Options;
}
