import { Injectable } from '@nestjs/common';
import { errorText } from '../../kit/index.js';

/** Answers what is wrong, or undefined when all is well. Never slow: at most a second. */
export type HealthCheck = () => string | undefined | Promise<string | undefined>;

export interface HealthReport {
  ok: boolean;
  /** By name: `ok`, or what is wrong. */
  checks: Record<string, string>;
}

const CHECK_TIMEOUT_MS = 1_000;

/** The named conditions of being ready. Rooms add theirs at start; the application is ready when all hold. */
@Injectable()
export class HealthChecks {
  private readonly checks = new Map<string, HealthCheck>();

  /** Throws when the name is taken. */
  add(name: string, check: HealthCheck): void {
    if (this.checks.has(name)) throw new TypeError(`there are two health checks named ${name}`);
    this.checks.set(name, check);
  }

  async report(): Promise<HealthReport> {
    const results = await Promise.all(
      [...this.checks].map(async ([name, check]) => [name, (await problemWith(check)) ?? 'ok'] as const),
    );
    return { ok: results.every(([, result]) => result === 'ok'), checks: Object.fromEntries(results) };
  }
}

async function problemWith(check: HealthCheck): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${CHECK_TIMEOUT_MS} ms`), CHECK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([Promise.resolve().then(check), late]);
  } catch (error) {
    return errorText(error);
  } finally {
    clearTimeout(timer);
  }
}
