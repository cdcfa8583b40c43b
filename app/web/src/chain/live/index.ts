export { useLiveUpdates } from './useLiveUpdates.js';
