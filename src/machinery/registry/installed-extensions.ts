import { Inject, Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { ExtensionMark, ExtensionPoint } from '../../kit/index.js';
import type { Extension } from '../loader/extension.js';

/** Injection token of the list of loaded extensions. */
export const EXTENSIONS = Symbol('extensions');

/** An extension as this application uses it: what it declared, and its one instance. */
export interface Installed<Contract, Options extends { name: string }> {
  mark: ExtensionMark<Options>;
  instance: Contract;
}

/** The extensions of this application, with instances from this application's container. */
@Injectable()
export class InstalledExtensions {
  private readonly instances = new Map<Extension, unknown>();

  constructor(
    @Inject(EXTENSIONS) private readonly extensions: readonly Extension[],
    private readonly container: ModuleRef,
  ) {}

  /** What was loaded and from where. */
  all(): readonly Extension[] {
    return this.extensions;
  }

  names(point: string): string[] {
    return this.extensions
      .filter(({ mark }) => mark.point === point)
      .map(({ mark }) => mark.name)
      .sort();
  }

  /** Call after construction, not in a constructor: instances appear one after the other. */
  get<Contract, Options extends { name: string }>(
    point: ExtensionPoint<Contract, Options>,
    name: string,
  ): Installed<Contract, Options> | undefined {
    const found = this.extensions.find(({ mark }) => mark.point === point.point && mark.name === name);
    return found ? this.installed(found) : undefined;
  }

  list<Contract, Options extends { name: string }>(
    point: ExtensionPoint<Contract, Options>,
  ): Installed<Contract, Options>[] {
    return this.extensions.filter(({ mark }) => mark.point === point.point).map((found) => this.installed(found));
  }

  private installed<Contract, Options extends { name: string }>(extension: Extension): Installed<Contract, Options> {
    const known = this.instances.get(extension) as Contract | undefined;
    const instance = known ?? this.container.get<Contract>(extension.target, { strict: false });
    this.instances.set(extension, instance);
    return { mark: extension.mark as ExtensionMark<Options>, instance };
  }
}
