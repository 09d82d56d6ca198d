import 'reflect-metadata';
import { Injectable } from '@nestjs/common';

/** The kit's major version; a plugin built for another one is refused at start. */
export const KIT_VERSION = 1;

const EXTENSION = Symbol.for('nest-ark.extension');

/** This copy of the kit. Injection tokens are classes, so a plugin must have been marked by the host's own copy. */
export const KIT_INSTANCE = Symbol('nest-ark kit');

/** A class with its mark: what the loader reads. */
export interface ExtensionMark<Options extends { name: string } = { name: string }> {
  /** The extension point, e.g. `engine`. */
  point: string;
  /** As users write it. */
  name: string;
  /** The {@link KIT_VERSION} it was built for. */
  kit: number;
  /** The copy of the kit whose decorator made the mark. */
  instance: symbol;
  /** What the decorator was given. */
  options: Options;
}

/** A class that keeps a contract and takes whatever the runtime injects. */
export type ExtensionClass<Contract = object> = abstract new (...dependencies: never[]) => Contract;

/** What makes a kind of extension. */
export interface ExtensionPointDefinition<Contract> {
  /** The word users see in messages, and the file suffix the loader looks for: `<name>.<point>.ts`. */
  point: string;
  /** Methods every extension must have. */
  methods: (keyof Contract & string)[];
}

/** A kind of extension: its decorator, and how its classes are recognised. */
export interface ExtensionPoint<Contract, Options extends { name: string }> extends ExtensionPointDefinition<Contract> {
  /** The class decorator that marks an extension of this point. */
  decorate(options: Options): (target: ExtensionClass<Contract>) => void;
  /** The mark of a class of this point, or undefined. */
  markOf(target: object): ExtensionMark<Options> | undefined;
}

/**
 * Makes a decorator for one kind of extension. The decorator makes the class injectable, checks its shape and brands
 * it; it registers nothing, so importing a plugin leaves no trace.
 */
export function defineExtensionPoint<Contract, Options extends { name: string }>(
  definition: ExtensionPointDefinition<Contract>,
): ExtensionPoint<Contract, Options> {
  return {
    ...definition,
    decorate: (options) => (target) => {
      const missing = definition.methods.filter((method) => typeof target.prototype[method] !== 'function');
      if (missing.length > 0) {
        throw new TypeError(
          `${definition.point} '${options.name}' (class ${target.name}) lacks ${missing.join(', ')}()`,
        );
      }
      Injectable()(target);
      const { point } = definition;
      const mark = { point, name: options.name, kit: KIT_VERSION, instance: KIT_INSTANCE, options };
      Reflect.defineMetadata(EXTENSION, mark, target);
    },
    markOf: (target) => {
      const mark = extensionMark(target);
      return mark?.point === definition.point ? (mark as ExtensionMark<Options>) : undefined;
    },
  };
}

/** The mark of any extension class, whatever its point. */
export function extensionMark(target: unknown): ExtensionMark | undefined {
  return typeof target === 'function'
    ? (Reflect.getOwnMetadata(EXTENSION, target) as ExtensionMark | undefined)
    : undefined;
}
