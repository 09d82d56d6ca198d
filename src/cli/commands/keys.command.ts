import type { Command } from 'commander';
import type { CliContext } from '../context.js';
import type { CreateFlags, KeysFlags } from '../keys/keys.js';
import { addConnectionFlags } from '../query/query-flags.js';

const collect = (value: string, all: string[] = []) => [...all, value];

export default function define(program: Command, context: CliContext): void {
  const keys = program.command('keys').description('API keys to the HTTP doors of the runtime, for its admins');
  const create = keys
    .command('create <name>')
    .description('make a key and show it, once')
    .option('--role <role>', 'reader, user, editor or admin; in one namespace as ROLE@NAMESPACE; repeatable', collect)
    .option('--expires <duration>', 'how long it opens doors, e.g. 12h, 90d, never', '90d')
    .action(async (name: string, flags: CreateFlags) => {
      context.jsonErrors = flags.output === 'json';
      const { createKey } = await import('../keys/keys.js');
      await createKey(name, flags, context);
    });
  const list = keys
    .command('list')
    .description('show the keys, without their secrets')
    .action(async (flags: KeysFlags) => {
      context.jsonErrors = flags.output === 'json';
      const { listKeys } = await import('../keys/keys.js');
      await listKeys(flags, context);
    });
  const revoke = keys
    .command('revoke <public-key>')
    .description('close the doors to a key, for ever')
    .action(async (publicKey: string, flags: KeysFlags) => {
      context.jsonErrors = flags.output === 'json';
      const { revokeKey } = await import('../keys/keys.js');
      await revokeKey(publicKey, flags, context);
    });
  for (const command of [create, list, revoke]) {
    addConnectionFlags(command.option('-o, --output <format>', 'text|json', 'text'));
  }
}
