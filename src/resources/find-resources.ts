import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type ResourceClass, resourceOptions, type UntypedObject } from '../kit/index.js';
import type { Admission } from '../kube/api-server/admission.js';
import { type AdmissionPolicy, DEFAULT_ADMISSION_POLICY } from './admission/admission-policy.js';
import { type AdmissionRules, isAdmissionRules, toAdmission } from './admission/admission-rules.js';
import { customResourceDefinition } from './schema/custom-resource-definition.js';

export interface Resources {
  /** Every kind this process knows, built-in kinds of Kubernetes included, sorted by kind. */
  classes: ResourceClass[];
  /** A CustomResourceDefinition for each class that is not built in. */
  customResources: UntypedObject[];
  admissions: Admission[];
}

const FILE = /\.(resource|admission)\.(js|ts)$/;

/**
 * Finds the kinds and their admission rules by file suffix below this folder; adding a kind is adding a file. Throws when
 * two classes claim one kind.
 */
export async function loadResources(policy: Partial<AdmissionPolicy> = {}): Promise<Resources> {
  const classes = new Map<string, ResourceClass>();
  const rules = new Set<AdmissionRules<never>>();
  for (const file of await files(fileURLToPath(new URL('.', import.meta.url)))) {
    const module = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
    for (const value of Object.values(module)) {
      if (isResourceClass(value)) addClass(classes, value, file);
      else if (isAdmissionRules(value)) rules.add(value as unknown as AdmissionRules<never>);
    }
  }
  const sorted = [...classes.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, found]) => found);
  return {
    classes: sorted,
    customResources: sorted.filter((found) => !resourceOptions(found)?.builtIn).map(customResourceDefinition),
    admissions: [...rules].map((found) => toAdmission(found, { ...DEFAULT_ADMISSION_POLICY, ...policy })),
  };
}

/** Matching files in sorted order, so that two starts see the same. */
async function files(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && FILE.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function isResourceClass(value: unknown): value is ResourceClass {
  return typeof value === 'function' && resourceOptions(value) !== undefined;
}

function addClass(classes: Map<string, ResourceClass>, found: ResourceClass, file: string): void {
  const options = resourceOptions(found);
  const key = `${options?.kind}.${options?.group}`;
  const before = classes.get(key);
  if (before && before !== found) throw new Error(`${file}: the kind ${key} is already described by ${before.name}`);
  classes.set(key, found);
}
