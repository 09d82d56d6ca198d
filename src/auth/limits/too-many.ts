import { HttpException } from '@nestjs/common';

/** 429, with the time to wait. */
export class TooMany extends HttpException {
  constructor(
    sentence: string,
    readonly retryAfterSeconds: number,
  ) {
    super(`${sentence}: try again in ${retryAfterSeconds} s`, 429);
  }
}
