export * from './address.js';
export * from './amount.js';
export * from './csv.js';
export * from './percent.js';
export * from './time.js';
