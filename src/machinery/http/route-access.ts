import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { Settings } from '../settings/settings.js';

/** What a caller does at a route, from the least: each includes those before it. */
export const ACCESS_VERBS = ['read', 'use', 'change', 'administer'] as const;
export type AccessVerb = (typeof ACCESS_VERBS)[number];

/**
 * Which namespace a route works in: `own` is the path's, else the process's own; `asked` is the path's, else
 * `?namespace=`, else `default`; `asked-or-own` is `?namespace=`, else the process's own; `every` is for what belongs to
 * no namespace, and wants the right in all of them.
 */
export type AccessScope = 'own' | 'asked' | 'asked-or-own' | 'every';

/** What a route asks of its callers. `by-method` is `read` for GET and HEAD, else `use`. */
export type RouteAccess =
  | { verb: AccessVerb | 'by-method'; scope: AccessScope; openIf?(settings: Settings): boolean }
  | { open: true };

const ACCESS = Symbol.for('nest-ark.route-access');

const declare =
  (access: RouteAccess): MethodDecorator =>
  (target, name, descriptor) => {
    Object.defineProperty(descriptor.value, ACCESS, { value: access });
    // The HTTP server keeps it, too, for who asks before a route is entered.
    RouteConfig({ [ACCESS]: access })(target, name, descriptor);
  };

/**
 * Declares what a caller must be allowed for a route. Each route says it itself, so that a new one is never open by
 * accident: the start is refused for a route that says nothing.
 *
 * @example `@Get('messages') @Needs('read', 'asked') list() {}`
 */
export const Needs = (verb: AccessVerb | 'by-method', scope: AccessScope) => declare({ verb, scope });

/** Declares the same for a route that answers anybody where a setting says so. */
export const NeedsUnless = (openIf: (settings: Settings) => boolean, verb: AccessVerb, scope: AccessScope) =>
  declare({ verb, scope, openIf });

/**
 * Declares a route that answers anybody: probes, which say nothing about what people do here, and routes
 * that ask for a proof of their own.
 */
export const OpenToAll = () => declare({ open: true });

/** What a method of a controller declares. */
export const accessOf = (handler: object): RouteAccess | undefined => (handler as { [ACCESS]?: RouteAccess })[ACCESS];

/** What the route of a request declares; absent for one that declares nothing. */
export const accessOfRoute = (request: FastifyRequest): RouteAccess | undefined =>
  (request.routeOptions.config as { [ACCESS]?: RouteAccess })[ACCESS];
