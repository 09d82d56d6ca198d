import { readFile, realpath, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { invalid, notFound } from '../kit/index.js';
import { Settings } from '../machinery/settings/settings.js';
import { contentType, isFileName } from './content-type.js';
import { segmentsOf } from './dashboard-path.js';

/** A file for a browser. */
export interface DashboardFile {
  content: Buffer;
  type: string;
  /** Changes with the content, for `If-None-Match`. */
  tag: string;
}

const INDEX = 'index.html';

/** The folder of a built web page, `ARK_DASHBOARD`. */
@Injectable()
export class DashboardFiles implements OnModuleInit {
  private root?: string;

  constructor(private readonly settings: Settings) {}

  /** @throws `Invalid` when there is no page in the folder */
  async onModuleInit(): Promise<void> {
    const { dashboard } = this.settings;
    if (dashboard === undefined) return;
    const root = await realpath(resolve(dashboard)).catch(() => undefined);
    if (!root || !(await isFile(join(root, INDEX)))) {
      throw invalid(
        `ARK_DASHBOARD is "${dashboard}": there is no ${INDEX} in it. Name the folder of a built web page, or leave it out.`,
      );
    }
    this.root = root;
  }

  /**
   * The file of a path below the dashboard's. A path that is no file and not called like one is a place inside the page,
   * which finds its way by itself.
   *
   * @throws `NotFound` where there is none, and where no folder is set
   */
  async find(url: string): Promise<DashboardFile> {
    const { root } = this;
    if (root === undefined) {
      throw notFound(
        'no dashboard is installed here. Set ARK_DASHBOARD to the folder of a built web page; what it shows comes from ' +
          'every other host of this address, for example api.localhost and gateway.localhost',
      );
    }
    const segments = segmentsOf(url);
    const file = segments && (await this.fileAt(root, segments));
    if (!file) throw notFound('the dashboard has no such file');
    const [content, { mtimeMs, size }] = await Promise.all([readFile(file), stat(file)]);
    return { content, type: contentType(file), tag: `"${mtimeMs.toString(36)}-${size.toString(36)}"` };
  }

  private async fileAt(root: string, segments: string[]): Promise<string | undefined> {
    const asked = join(root, ...segments);
    const isPlace = !isFileName(segments.at(-1) ?? '');
    const places = [`${asked}.html`, join(asked, INDEX), join(root, INDEX)];
    for (const candidate of isPlace ? [asked, ...places] : [asked]) {
      // A link may lead out of the folder; nothing that it leads to is the dashboard's.
      const file = await realpath(candidate).catch(() => undefined);
      if (file?.startsWith(root + sep) && (await isFile(file))) return file;
    }
    return undefined;
  }
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
