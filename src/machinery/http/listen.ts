import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { unavailable } from '../../kit/index.js';

/** Where to listen, and what people call the settings of it. */
export interface Door {
  port: number;
  host: string;
  /** e.g. `--port or ARK_PORT` */
  portSetting: string;
  hostSetting: string;
}

/**
 * Listens, and returns where, e.g. `http://127.0.0.1:8080`.
 *
 * @throws `Unavailable` that names the setting to change
 */
export async function listen(app: NestFastifyApplication, door: Door): Promise<string> {
  await listenOn(() => app.listen(door.port, door.host), door);
  return app.getUrl();
}

/** As {@link listen}, for any server that `begin` makes listen. */
export async function listenOn(begin: () => Promise<unknown>, door: Door): Promise<void> {
  const { port, host, portSetting, hostSetting } = door;
  try {
    await begin();
  } catch (error) {
    const reasons: Record<string, string> = {
      EADDRINUSE: `port ${port} of ${host} is taken by another program: stop that, or choose another port with ${portSetting} (0 takes a free one)`,
      EACCES: `port ${port} of ${host} may not be used by this user: choose one above 1023 with ${portSetting}`,
      EADDRNOTAVAIL: `this machine has no address ${host}: choose another with ${hostSetting}`,
      ENOTFOUND: `the address ${host} is not known: choose another with ${hostSetting}`,
    };
    const reason = reasons[(error as NodeJS.ErrnoException).code ?? ''];
    throw reason === undefined ? error : unavailable(reason, { cause: error });
  }
}
