import type { PrinterColumn } from '../../kit/index.js';

/** The API group of every kind of Ark. */
export const ARK_GROUP = 'ark.mckinsey.com';
export const V1ALPHA1 = 'v1alpha1';
export const V1PREALPHA1 = 'v1prealpha1';

/** The last column of every kind. */
export const AGE: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

/** A text column. */
export const textColumn = (name: string, jsonPath: string): PrinterColumn => ({ name, type: 'string', jsonPath });

/** The status of one condition as a column. */
export const conditionColumn = (name: string, condition = name): PrinterColumn =>
  textColumn(name, `.status.conditions[?(@.type=="${condition}")].status`);
