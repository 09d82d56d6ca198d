import { Injectable } from '@nestjs/common';
import { holderName } from './holder-name.js';
import { Holders } from './holders.js';

/** Embedded mode: the store belongs to one process, so whoever else held work is gone. */
@Injectable()
export class SingleHolder extends Holders {
  readonly self = holderName();

  isAlive(holder: string): boolean {
    return holder === this.self;
  }

  /** There are no peers to lose. */
  onGone(): void {}

  isMine(): boolean {
    return true;
  }
}
