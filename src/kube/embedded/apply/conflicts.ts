import { StatusError } from '../../api-server/status.js';
import { type Fields, pathTexts } from './fields.js';
import type { Manager } from './managers.js';

export interface OwnershipConflict {
  manager: Manager;
  fields: Fields;
}

/** 409 with one cause per field, in the words of the real server. */
export function conflictError(conflicts: OwnershipConflict[]): StatusError {
  const sorted = conflicts
    .map(({ manager, fields }) => ({ who: managerText(manager), paths: pathTexts(fields) }))
    .sort((a, b) => (a.who < b.who ? -1 : 1));
  const causes = sorted.flatMap(({ who, paths }) =>
    paths.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${who}`, field })),
  );
  const [first] = causes;
  const text =
    causes.length === 1
      ? `1 conflict: ${first!.message}: ${first!.field}`
      : `${causes.length} conflicts: ${sorted
          .map(({ who, paths }) => [`conflicts with ${who}:`, ...paths.map((path) => `- ${path}`)].join('\n'))
          .join('\n')}`;
  return new StatusError('Conflict', `Apply failed with ${text}`, { causes });
}

function managerText(manager: Manager): string {
  const subresource = manager.subresource ? ` with subresource "${manager.subresource}"` : '';
  const using = manager.operation === 'Update' ? ` using ${manager.apiVersion}` : '';
  return `"${manager.name}"${subresource}${using}`;
}
