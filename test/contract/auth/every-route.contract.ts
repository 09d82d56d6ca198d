import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../../harness/temporary-folder.js';
import { GuardedApplication, type ServedRoute } from './guarded-application.js';

const ROLES = ['reader', 'user', 'editor', 'admin'] as const;
/** `nobody`: the route wants a proof of its own, which no key of ours is. */
type Least = (typeof ROLES)[number] | 'anybody' | 'nobody';

interface Rule {
  /** `METHOD path`, `*` for any method. The first that fits counts. */
  route: RegExp;
  least: Least;
  /** Whether a role in one namespace is enough. Default: yes. */
  everywhere?: boolean;
}

const CARDS = /^(GET|HEAD) (\/a2a|\/ns\/:namespace)?\/agent\/:name\/\.well-known\/agent(-card)?\.json$/;
const MEMORY = '(/memory(/ns/:namespace)?)?';

/** Who may use what. A route that none of these names fails the test: say here who may use a new one. */
const RULES: Rule[] = [
  { route: /^(GET|HEAD) \/(livez|readyz|healthz)$/, least: 'anybody' },
  { route: /^(GET|HEAD) \/metrics$/, least: 'reader', everywhere: true },
  { route: /^(GET|HEAD) \/\.well-known\/(jwks\.json|oauth-protected-resource)$/, least: 'anybody' },
  // The files of a page; what it shows comes from the others.
  { route: /^(GET|HEAD) \/\.dashboard(\/\*)?$/, least: 'anybody' },
  { route: /^\S+ \/v1\/api-keys(\/:publicKey)?$/, least: 'admin', everywhere: true },
  { route: /^POST \/evaluate$/, least: 'user', everywhere: true },
  { route: /^(GET|HEAD) \/engines(\/:name(\/\*)?)?$/, least: 'reader', everywhere: true },
  { route: /^\S+ \/engines\/:name(\/\*)?$/, least: 'user', everywhere: true },
  { route: /^(GET|HEAD) (\/a2a|\/ns\/:namespace)?\/agents$/, least: 'reader' },
  { route: CARDS, least: 'reader' },
  { route: /^(GET|HEAD) (\/a2a|\/ns\/:namespace)?\/agent\/:name(\/\*)?$/, least: 'reader' },
  { route: /^\S+ (\/a2a|\/ns\/:namespace)?\/agent\/:name(\/\*)?$/, least: 'user' },
  { route: /^(GET|HEAD) \/v1\/a2a-tasks(\/:name)?$/, least: 'reader' },
  { route: /^POST \/v1\/a2a-tasks\/:name\/answer$/, least: 'user' },
  { route: /^POST \/v1\/a2a-tasks\/:name\/approval$/, least: 'editor' },
  { route: /^POST \/v1\/a2a-tasks\/:name\/notifications$/, least: 'nobody' },
  { route: /^DELETE \/v1\/a2a-tasks\/:name$/, least: 'editor' },
  {
    route: new RegExp(`^(GET|HEAD) ${MEMORY}/(messages|conversations(/:conversation)?|memory-status)$`),
    least: 'reader',
  },
  { route: new RegExp(`^POST ${MEMORY}/(messages|conversations)$`), least: 'user' },
  { route: new RegExp(`^DELETE ${MEMORY}/(messages|conversations|queries)(/.+)?$`), least: 'editor' },
  { route: new RegExp(`^(GET|HEAD) ${MEMORY}/stream/:query$`), least: 'reader' },
  { route: new RegExp(`^POST ${MEMORY}/stream/:query(/complete)?$`), least: 'user' },
];

const NAMESPACE = 'default';
const nameOf = ({ method, url }: ServedRoute) => `${method} ${url}`;
const addressed = ({ method, url }: ServedRoute): ServedRoute => ({
  method,
  url: url.replace(':namespace', NAMESPACE).replace(/:\w+/g, 'x').replace('*', 'x'),
});

describe('every route of the application', () => {
  const folder = temporaryFolder({ keep: 'block' });
  const elsewhere = temporaryFolder();
  let house: GuardedApplication;
  beforeAll(async () => {
    house = await GuardedApplication.start(folder(), { authMode: 'token' });
  });
  afterAll(() => house?.stop());

  /** The routes that the caller is let in to, and those that the rules let in, as sorted names. */
  async function compare(authorization: string | undefined, mayUse: (rule: Rule) => boolean, doors = house) {
    const entered: string[] = [];
    const allowed: string[] = [];
    for (const route of doors.routes) {
      const rule = RULES.find(({ route: pattern }) => pattern.test(nameOf(route)));
      if (rule && mayUse(rule)) allowed.push(nameOf(route));
      // The HTTP server wants a body with this method before it asks anybody else.
      const body = route.method === 'QUERY' ? {} : undefined;
      const { status } = await doors.request(addressed(route), authorization, body);
      if (![401, 403].includes(status)) entered.push(nameOf(route));
    }
    return { entered: entered.sort(), allowed: allowed.sort() };
  }

  it('has a rule about who may use it', () => {
    const silent = house.routes.map(nameOf).filter((name) => !RULES.some(({ route }) => route.test(name)));
    expect(silent).toEqual([]);
    expect(house.routes.length).toBeGreaterThan(50);
  });

  it('is closed to callers without credentials, and to those with wrong ones, but for probes', async () => {
    const wrong = `Bearer pk-ark-${'x'.repeat(22)}.sk-ark-${'x'.repeat(43)}`;
    const { entered, allowed } = await compare(undefined, ({ least }) => least === 'anybody');
    expect(entered).toEqual(allowed);
    expect(allowed).toContain('GET /readyz');
    const messages = await house.request({ method: 'GET', url: '/messages' }, wrong);
    expect(messages.status).toBe(401);
    expect(messages.headers['www-authenticate']).toContain('Bearer');
  });

  it('is as closed as that where cards are public, but for the cards of agents', async () => {
    const open = await GuardedApplication.start(elsewhere(), { authMode: 'token' }, { ARK_GATEWAY_PUBLIC_CARDS: 'on' });
    try {
      const { entered, allowed } = await compare(
        undefined,
        ({ route, least }) => least === 'anybody' || route === CARDS,
        open,
      );
      expect(entered).toEqual(allowed);
      expect(allowed).toContain('GET /ns/:namespace/agent/:name/.well-known/agent-card.json');
    } finally {
      await open.stop();
    }
  });

  for (const [rank, role] of ROLES.entries()) {
    const reaches = ({ least }: Rule) => least === 'anybody' || (least !== 'nobody' && ROLES.indexOf(least) <= rank);

    it(`lets a ${role} of all namespaces do what such a role is for, and no more`, async () => {
      const { entered, allowed } = await compare(await house.key(role), reaches);
      expect(entered).toEqual(allowed);
    });

    it(`lets a ${role} of one namespace in there, and nowhere else`, async () => {
      const here = await compare(
        await house.key(`${role}@${NAMESPACE}`),
        (rule) => reaches(rule) && (rule.least === 'anybody' || !rule.everywhere),
      );
      expect(here.entered).toEqual(here.allowed);
      const elsewhere = await compare(await house.key(`${role}@elsewhere`), ({ least }) => least === 'anybody');
      expect(elsewhere.entered).toEqual(elsewhere.allowed);
    });
  }

  it('looks at the namespace that the request works in, not at another that it names', async () => {
    const key = await house.key('user@team-a');
    const status = async (url: string) => (await house.request({ method: 'GET', url }, key)).status;
    expect(await status('/messages?namespace=team-a')).toBe(200);
    expect(await status('/memory/ns/default/messages?namespace=team-a')).toBe(403);
    expect(await status('/messages?namespace=team-a&namespace=default')).toBe(400);
    expect(await status('/agents?namespace=team-a')).toBe(403);
    expect(await status('/agent/x?namespace=team-a')).toBe(403);
    expect(await status('/ns/team-a/agents')).toBe(200);
  });
});
