import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../../machinery/http/caller.js';
import { Settings } from '../../machinery/settings/settings.js';
import { sameSecret } from '../key-text.js';

/**
 * Who may do everything here: who knows the token of the settings, and who can read that of the embedded API server in the
 * data folder.
 */
@Injectable()
export class AdminToken {
  private ofApiServer?: Promise<string>;

  constructor(private readonly settings: Settings) {}

  async find(token: string): Promise<Caller | undefined> {
    const right = [this.settings.adminToken, await this.tokenOfApiServer()].some(
      (known) => known && sameSecret(token, known),
    );
    return right ? { name: 'admin', may: () => true } : undefined;
  }

  private async tokenOfApiServer(): Promise<string | undefined> {
    if (this.settings.kubernetes !== 'embedded') return undefined;
    this.ofApiServer ??= readFile(join(this.settings.dataDir, 'token'), 'utf8').then((text) => text.trim());
    return this.ofApiServer;
  }
}
