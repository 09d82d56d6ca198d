import { invalid } from '../../kit/index.js';

const PLUGIN = /^plugin:(.+)$/;

/** Who judges: an evaluator of this process, or a service. */
export type EvaluatorAddress = { plugin: string } | { url: URL };

/**
 * What an address means: `plugin:NAME`, or the URL of a service. A URL without a path is asked at `/evaluate`.
 *
 * @throws Invalid for anything else
 */
export function evaluatorAddress(address: string): EvaluatorAddress {
  const plugin = PLUGIN.exec(address)?.[1];
  if (plugin) return { plugin };
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw invalid(`the address "${address}" is neither the http URL of a service nor plugin:NAME`);
  }
  if (url.pathname === '/') url.pathname = '/evaluate';
  return { url };
}

/** Refuses the name of an evaluator that is not installed. */
export function notInstalled(name: string, installed: string[]): Error {
  return invalid(`no evaluator '${name}' is installed; installed: ${installed.join(', ') || 'none'}`);
}
