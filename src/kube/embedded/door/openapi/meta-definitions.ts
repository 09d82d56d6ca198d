type Schema = Record<string, unknown>;

export const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';

export const reference = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const text = (description: string): Schema => ({ description, type: 'string' });
const number = (description: string): Schema => ({ description, type: 'integer', format: 'int64' });
const flag = (description: string): Schema => ({ description, type: 'boolean' });
const time = (description: string): Schema => ({ description, allOf: [reference(`${META}.Time`)] });
const texts = (description: string): Schema => ({ description, type: 'array', items: { type: 'string', default: '' } });
const map = (description: string): Schema => ({
  description,
  type: 'object',
  additionalProperties: { type: 'string', default: '' },
});
const listOf = (name: string, description: string): Schema => ({
  description,
  type: 'array',
  items: { default: {}, allOf: [reference(name)] },
});

export const API_VERSION = text(
  'APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized ' +
    'schemas to the latest internal value, and may reject unrecognized values.',
);
export const KIND = text(
  'Kind is a string value representing the REST resource this object represents. Cannot be updated. In CamelCase.',
);

/** The definitions of apimachinery that documents refer to. */
export const META_DEFINITIONS: Record<string, Schema> = {
  [`${META}.ObjectMeta`]: {
    description:
      'ObjectMeta is metadata that all persisted resources must have, which includes all objects users must create.',
    type: 'object',
    properties: {
      annotations: map('Unstructured key value map stored with a resource, set by tools to keep arbitrary metadata.'),
      creationTimestamp: time('The server time when this object was created. Populated by the system. Read-only.'),
      deletionGracePeriodSeconds: number('Seconds this object may take to terminate before it is removed. Read-only.'),
      deletionTimestamp: time(
        'When this object was asked to go; it goes once the list of finalizers is empty. Populated by the system.',
      ),
      finalizers: {
        ...texts('Must be empty before the object is deleted; each entry names the component that will remove it.'),
        'x-kubernetes-list-type': 'set',
        'x-kubernetes-patch-strategy': 'merge',
      },
      generateName: text('An optional prefix, used by the server to make a unique name if no name is given.'),
      generation: number('A sequence number of the desired state. Populated by the system. Read-only.'),
      labels: map('Map of string keys and values that can be used to organize and select objects.'),
      managedFields: {
        ...listOf(`${META}.ManagedFieldsEntry`, 'Who manages which fields of this object; kept by the system.'),
        'x-kubernetes-list-type': 'atomic',
      },
      name: text('Name must be unique within a namespace. Cannot be updated.'),
      namespace: text('Namespace defines the space within which each name must be unique. Cannot be updated.'),
      ownerReferences: {
        ...listOf(
          `${META}.OwnerReference`,
          'List of objects depended by this object. When all of them have been deleted, this object goes too.',
        ),
        'x-kubernetes-list-map-keys': ['uid'],
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-patch-merge-key': 'uid',
        'x-kubernetes-patch-strategy': 'merge',
      },
      resourceVersion: text('An opaque value that tells when this object changed last. Populated by the system.'),
      selfLink: text('Deprecated: no longer populated by the system.'),
      uid: text('The unique in time and space value for this object. Populated by the system. Read-only.'),
    },
  },
  [`${META}.ListMeta`]: {
    description: 'ListMeta describes metadata that synthetic resources must have, including lists.',
    type: 'object',
    properties: {
      continue: text('Set when there are more items than were asked for: the token for the next page.'),
      remainingItemCount: number('How many items are not in this list.'),
      resourceVersion: text('The version of the whole list, for a watch that starts from it.'),
      selfLink: text('Deprecated: no longer populated by the system.'),
    },
  },
  [`${META}.OwnerReference`]: {
    description: 'OwnerReference contains enough information to let you identify an owning object.',
    type: 'object',
    required: ['apiVersion', 'kind', 'name', 'uid'],
    properties: {
      apiVersion: { ...text('API version of the referent.'), default: '' },
      blockOwnerDeletion: flag('If true, a foreground deletion of the owner waits for this object.'),
      controller: flag('If true, this reference points to the managing controller.'),
      kind: { ...text('Kind of the referent.'), default: '' },
      name: { ...text('Name of the referent.'), default: '' },
      uid: { ...text('UID of the referent.'), default: '' },
    },
    'x-kubernetes-map-type': 'atomic',
  },
  [`${META}.ManagedFieldsEntry`]: {
    description: 'ManagedFieldsEntry is a workflow-id, a FieldSet and the group version of the resource it applies to.',
    type: 'object',
    properties: {
      apiVersion: text('The version of this resource that the field set applies to.'),
      fieldsType: text('FieldsType is the discriminator for the fields format. There is one: "FieldsV1".'),
      fieldsV1: { description: 'The field set.', allOf: [reference(`${META}.FieldsV1`)] },
      manager: text('The workflow managing these fields.'),
      operation: text('How these fields were set: Apply or Update.'),
      subresource: text('The subresource used for the update, empty for the main resource.'),
      time: time('When the entry was added or its fields changed.'),
    },
  },
  [`${META}.FieldsV1`]: {
    description: 'FieldsV1 stores a set of fields in a data structure like a trie.',
    type: 'object',
  },
  [`${META}.Time`]: { description: 'A time in RFC 3339, in UTC.', type: 'string', format: 'date-time' },
  [`${META}.Patch`]: { description: 'Patch gives a name to the body of a PATCH request.', type: 'object' },
  [`${META}.DeleteOptions`]: {
    description: 'DeleteOptions may be provided when deleting an API object.',
    type: 'object',
    properties: {
      apiVersion: API_VERSION,
      dryRun: texts('When present, the deletion is not persisted. Valid value: All.'),
      gracePeriodSeconds: number('Seconds before the object should be deleted.'),
      kind: KIND,
      orphanDependents: flag('Deprecated: use propagationPolicy.'),
      preconditions: {
        description: 'Must be fulfilled before a deletion is carried out.',
        type: 'object',
        properties: { resourceVersion: text('The target ResourceVersion.'), uid: text('The target UID.') },
      },
      propagationPolicy: text('Whether and how dependents go: Background, Foreground or Orphan.'),
    },
  },
  [`${META}.Status`]: {
    description: 'Status is a return value for calls that do not return other objects.',
    type: 'object',
    properties: {
      apiVersion: API_VERSION,
      code: { description: 'Suggested HTTP return code.', type: 'integer', format: 'int32' },
      details: { description: 'Extended data about the reason.', type: 'object' },
      kind: KIND,
      message: text('A human-readable description of the status of this operation.'),
      metadata: { description: 'Standard list metadata.', allOf: [reference(`${META}.ListMeta`)] },
      reason: text('A machine-readable description of why this operation failed.'),
      status: text('Status of the operation: Success or Failure.'),
    },
  },
  'io.k8s.api.autoscaling.v1.Scale': {
    description: 'Scale represents a scaling request for a resource.',
    type: 'object',
    properties: {
      apiVersion: API_VERSION,
      kind: KIND,
      metadata: { description: 'Standard object metadata.', allOf: [reference(`${META}.ObjectMeta`)] },
      spec: {
        description: 'The behavior of the scale.',
        type: 'object',
        properties: { replicas: { description: 'The desired number of instances.', type: 'integer', format: 'int32' } },
      },
      status: {
        description: 'Current status of the scale. Read-only.',
        type: 'object',
        properties: {
          replicas: { description: 'The actual number of observed instances.', type: 'integer', format: 'int32' },
          selector: text('Label query over pods that should match the replicas count.'),
        },
      },
    },
    'x-kubernetes-group-version-kind': [{ group: 'autoscaling', version: 'v1', kind: 'Scale' }],
  },
};
