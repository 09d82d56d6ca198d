import { registerHooks } from 'node:module';

const KIT = new URL('../../kit/', import.meta.url);
const HOST_FILES: Record<string, string> = {
  'nest-ark': new URL('index.js', KIT).href,
  'nest-ark/testing': new URL('testing/index.js', KIT).href,
};

/**
 * Makes every `import … from 'nest-ark'` mean the host's copy, also in folders outside the tree and in packages that
 * have a copy of their own installed: injection tokens are classes, and a second copy's classes are strangers.
 * Several hooks do no harm; they agree.
 */
export function resolveKitToHost(): void {
  registerHooks({
    resolve: (specifier, context, next) => next(HOST_FILES[specifier] ?? specifier, context),
  });
}
