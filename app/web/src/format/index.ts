export * from './address.js';
export * from './amount.js';
export * from './csv.js';
export * from './download.js';
export * from './input.js';
export * from './percent.js';
export * from './time.js';
