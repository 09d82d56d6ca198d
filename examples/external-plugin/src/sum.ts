/** The numbers of a text, in their order: `2 apples and 3.5 pears` has 2 and 3.5. */
export const numbersIn = (text: string): number[] => (text.match(/-?\d+(\.\d+)?/g) ?? []).map(Number);

export const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
