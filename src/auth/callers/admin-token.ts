import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../../machinery/http/caller.js';
import { Settings } from '../../machinery/settings/settings.js';
import { sameSecret } from '../key-text.js';

/** The token of the embedded API server: who can read the data folder may do everything here too. */
@Injectable()
export class AdminToken {
  private token?: Promise<string>;

  constructor(private readonly settings: Settings) {}

  async find(token: string): Promise<Caller | undefined> {
    if (this.settings.kubernetes !== 'embedded') return undefined;
    this.token ??= readFile(join(this.settings.dataDir, 'token'), 'utf8').then((text) => text.trim());
    const right = await this.token;
    return right !== '' && sameSecret(token, right) ? { name: 'admin', may: () => true } : undefined;
  }
}
