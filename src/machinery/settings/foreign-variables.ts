/** Names that other programs of the project read: the launcher and the command line. */
const NAMES_OF_OTHERS = [
  'ARK_REEXECUTED',
  'ARK_INVOKED_AS',
  'ARK_API_URL',
  'ARK_API_KEY',
  'ARK_ENGINE_TOKEN',
  'ARK_TOKEN',
  'ARK_QUERY_TIMEOUT',
  'ARK_SESSION_ID',
  'ARK_CONVERSATION_ID',
];

/** Variables that Kubernetes makes up for each Service of the namespace, e.g. `ARK_SERVICE_HOST` for a Service `ark`. */
const SERVICE_LINK = /_SERVICE_HOST$|_SERVICE_PORT(_\w+)?$|_PORT_\d+_(TCP|UDP|SCTP)(_\w+)?$/;
const SERVICE_LINK_VALUE = /^(tcp|udp|sctp):\/\//;

/** Whether an environment variable is not ours to read. */
export function isForeignVariable(name: string, value: string): boolean {
  if (!name.startsWith('ARK_') || name.startsWith('ARK_TEST_')) return true;
  if (NAMES_OF_OTHERS.includes(name) || SERVICE_LINK.test(name)) return true;
  return name.endsWith('_PORT') && SERVICE_LINK_VALUE.test(value);
}
