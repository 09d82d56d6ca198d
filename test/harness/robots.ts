/** A kind of a user's own, with everything a definition can declare. */
export const ROBOTS = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'robots.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'robots', singular: 'robot', kind: 'Robot', shortNames: ['rb'], categories: ['toys'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
        },
        additionalPrinterColumns: [
          { name: 'Color', type: 'string', jsonPath: '.spec.color' },
          { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
          { name: 'Arms', type: 'integer', jsonPath: '.spec.arms', priority: 1 },
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        ],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            description: 'Robot is a machine.',
            properties: {
              spec: {
                type: 'object',
                description: 'What the robot shall be.',
                required: ['color'],
                properties: {
                  color: { type: 'string', description: 'The paint.', enum: ['red', 'blue', 'green'] },
                  arms: { type: 'integer', minimum: 0, maximum: 8 },
                  replicas: { type: 'integer', default: 1 },
                },
              },
              status: {
                type: 'object',
                properties: {
                  replicas: { type: 'integer' },
                  conditions: {
                    type: 'array',
                    items: {
                      type: 'object',
                      properties: { type: { type: 'string' }, status: { type: 'string' } },
                    },
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
};

/** One of them. */
export const robot = (name: string, spec: Record<string, unknown>, metadata: Record<string, unknown> = {}) => ({
  apiVersion: 'example.com/v1',
  kind: 'Robot',
  metadata: { name, namespace: 'default', ...metadata },
  spec,
});
