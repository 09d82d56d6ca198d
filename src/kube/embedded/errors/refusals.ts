import type { ResourceType } from '../../../kit/resource/resource.js';
import { type StatusCause, StatusError } from '../../api-server/status.js';

/** `plural.group`, as messages of the API write a resource. */
export function qualified(name: string, group: string): string {
  return group ? `${name}.${group}` : name;
}

function details(type: ResourceType, name: string) {
  return { name, ...(type.group ? { group: type.group } : {}), kind: type.plural };
}

export function notFound(type: ResourceType, name: string): StatusError {
  return new StatusError('NotFound', `${qualified(type.plural, type.group)} "${name}" not found`, details(type, name));
}

export function unknownResource(): StatusError {
  return new StatusError('NotFound', 'the server could not find the requested resource', {});
}

export function alreadyExists(type: ResourceType, name: string): StatusError {
  const message = `${qualified(type.plural, type.group)} "${name}" already exists`;
  return new StatusError('AlreadyExists', message, details(type, name));
}

export function modified(type: ResourceType, name: string): StatusError {
  return conflict(
    type,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );
}

export function conflict(type: ResourceType, name: string, reason: string): StatusError {
  const message = `Operation cannot be fulfilled on ${qualified(type.plural, type.group)} "${name}": ${reason}`;
  return new StatusError('Conflict', message, details(type, name));
}

export function forbidden(type: ResourceType, name: string, reason: string): StatusError {
  const message = `${qualified(type.plural, type.group)} "${name}" is forbidden: ${reason}`;
  return new StatusError('Forbidden', message, details(type, name));
}

/** 422 with one cause per field. Causes must have a field. */
export function invalid(type: ResourceType, name: string, causes: StatusCause[], kind = type.kind): StatusError {
  const texts = causes.map((cause) => `${cause.field}: ${cause.message}`);
  const text = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  return new StatusError('Invalid', `${qualified(kind, type.group)} "${name}" is invalid: ${text}`, {
    ...(name ? { name } : {}),
    ...(type.group ? { group: type.group } : {}),
    kind,
    causes,
  });
}

export function badRequest(message: string): StatusError {
  return new StatusError('BadRequest', message);
}
