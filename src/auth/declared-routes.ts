import { Injectable, type OnModuleInit } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import { accessOf } from '../machinery/http/route-access.js';

/** Refuses a start in which a route does not say who may use it: it would be open, or closed, by accident. */
@Injectable()
export class DeclaredRoutes implements OnModuleInit {
  constructor(private readonly modules: ModulesContainer) {}

  onModuleInit(): void {
    const silent = [...this.modules.values()].flatMap(({ controllers }) =>
      [...controllers.values()].flatMap(({ metatype }) => silentRoutes(metatype as Class | null)),
    );
    if (silent.length === 0) return;
    throw new Error(
      `${silent.join(', ')} must declare who may use the route: add @Needs(…) or @OpenToAll() from machinery/http`,
    );
  }
}

type Class = abstract new (...parts: never[]) => object;

/** The methods of a controller, and of the classes it extends, that answer a route and declare nothing. */
function silentRoutes(controller: Class | null): string[] {
  const silent: string[] = [];
  let prototype = controller?.prototype as object | null | undefined;
  for (; prototype && prototype !== Object.prototype; prototype = Object.getPrototypeOf(prototype) as object | null) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      const isRoute = typeof value === 'function' && Reflect.hasMetadata(METHOD_METADATA, value);
      if (isRoute && !accessOf(value as object)) silent.push(`${controller?.name}.${name}`);
    }
  }
  return silent;
}
